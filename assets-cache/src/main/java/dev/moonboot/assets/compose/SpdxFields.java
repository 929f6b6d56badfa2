package dev.moonboot.assets.compose;

import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What SPDX 2.3 has for the parts of a document (its JSON schema). Of what strangers wrote, members
 * of other names or of other kinds are left out, so that one odd member makes no document invalid.
 */
final class SpdxFields {
  private interface Shape {
    /** What is allowed of it; empty when nothing is. */
    Optional<Json> fit(Json value);
  }

  private static final Shape TEXT =
      value -> value instanceof Json.Str ? Optional.of(value) : Optional.empty();

  private static final Set<String> ALGORITHMS =
      Set.of(
          "SHA1 SHA224 SHA256 SHA384 SHA512 SHA3-256 SHA3-384 SHA3-512 BLAKE2b-256 BLAKE2b-384"
              .concat(" BLAKE2b-512 BLAKE3 MD2 MD4 MD5 MD6 ADLER32")
              .split(" "));

  private static final Set<String> CATEGORIES =
      Set.of(
          "OTHER",
          "PERSISTENT-ID",
          "PERSISTENT_ID",
          "SECURITY",
          "PACKAGE-MANAGER",
          "PACKAGE_MANAGER");

  private static final Set<String> PURPOSES =
      Set.of(
          "OTHER INSTALL ARCHIVE FIRMWARE APPLICATION FRAMEWORK LIBRARY CONTAINER SOURCE DEVICE"
              .concat(" OPERATING_SYSTEM FILE")
              .split(" "));

  private static final Set<String> RELATIONSHIPS =
      Set.of(
          """
          VARIANT_OF COPY_OF PATCH_FOR TEST_DEPENDENCY_OF CONTAINED_BY DATA_FILE_OF
          OPTIONAL_COMPONENT_OF ANCESTOR_OF GENERATES CONTAINS OPTIONAL_DEPENDENCY_OF FILE_ADDED
          REQUIREMENT_DESCRIPTION_FOR DEV_DEPENDENCY_OF DEPENDENCY_OF BUILD_DEPENDENCY_OF DESCRIBES
          PREREQUISITE_FOR HAS_PREREQUISITE PROVIDED_DEPENDENCY_OF DYNAMIC_LINK DESCRIBED_BY
          METAFILE_OF DEPENDENCY_MANIFEST_OF PATCH_APPLIED RUNTIME_DEPENDENCY_OF TEST_OF
          TEST_TOOL_OF DEPENDS_ON SPECIFICATION_FOR FILE_MODIFIED DISTRIBUTION_ARTIFACT AMENDS
          DOCUMENTATION_OF GENERATED_FROM STATIC_LINK OTHER BUILD_TOOL_OF TEST_CASE_OF PACKAGE_OF
          DESCENDANT_OF FILE_DELETED EXPANDED_FROM_ARCHIVE DEV_TOOL_OF EXAMPLE_OF
          """
              .strip()
              .split("\\s+"));

  /** But for what is about files, which are not taken over. */
  private static final Shape PACKAGE =
      object(
          Map.ofEntries(
              Map.entry("SPDXID", TEXT),
              Map.entry("name", TEXT),
              Map.entry("versionInfo", TEXT),
              Map.entry("packageFileName", TEXT),
              Map.entry("supplier", TEXT),
              Map.entry("originator", TEXT),
              Map.entry("downloadLocation", TEXT),
              Map.entry("homepage", TEXT),
              Map.entry("sourceInfo", TEXT),
              Map.entry("licenseConcluded", TEXT),
              Map.entry("licenseDeclared", TEXT),
              Map.entry("licenseComments", TEXT),
              Map.entry("copyrightText", TEXT),
              Map.entry("summary", TEXT),
              Map.entry("description", TEXT),
              Map.entry("comment", TEXT),
              Map.entry("releaseDate", TEXT),
              Map.entry("builtDate", TEXT),
              Map.entry("validUntilDate", TEXT),
              Map.entry("attributionTexts", list(TEXT)),
              Map.entry("primaryPackagePurpose", oneOf(PURPOSES)),
              Map.entry(
                  "checksums",
                  list(object(Map.of("algorithm", oneOf(ALGORITHMS), "checksumValue", TEXT), 2))),
              Map.entry(
                  "externalRefs",
                  list(
                      object(
                          Map.of(
                              "referenceCategory",
                              oneOf(CATEGORIES),
                              "referenceType",
                              TEXT,
                              "referenceLocator",
                              TEXT),
                          3)))),
          0);

  private static final Shape LICENCE =
      object(
          Map.of(
              "licenseId",
              TEXT,
              "extractedText",
              TEXT,
              "name",
              TEXT,
              "comment",
              TEXT,
              "seeAlsos",
              list(TEXT)),
          0);

  private static final Shape RELATIONSHIP =
      object(
          Map.of(
              "spdxElementId",
              TEXT,
              "relatedSpdxElement",
              TEXT,
              "relationshipType",
              oneOf(RELATIONSHIPS),
              "comment",
              TEXT),
          0);

  private SpdxFields() {}

  /** A package, if it has name and identifier. */
  static Optional<Json.Obj> ofPackage(Json value) {
    return with(PACKAGE, value, List.of("SPDXID", "name"));
  }

  /** A licence that is not on SPDX's list. */
  static Optional<Json.Obj> ofLicence(Json value) {
    return with(LICENCE, value, List.of("licenseId", "extractedText"));
  }

  static Optional<Json.Obj> ofRelationship(Json value) {
    return with(
        RELATIONSHIP, value, List.of("spdxElementId", "relationshipType", "relatedSpdxElement"));
  }

  private static Optional<Json.Obj> with(Shape shape, Json value, List<String> required) {
    return shape
        .fit(value)
        .map(Json.Obj.class::cast)
        .filter(fitting -> fitting.members().keySet().containsAll(required));
  }

  private static Shape oneOf(Set<String> words) {
    return value ->
        value instanceof Json.Str(var word) && words.contains(word)
            ? Optional.of(value)
            : Optional.empty();
  }

  private static Shape list(Shape of) {
    return value -> {
      if (!(value instanceof Json.Arr(var items))) {
        return Optional.empty();
      }
      List<Json> fitting = new ArrayList<>();
      items.forEach(item -> of.fit(item).ifPresent(fitting::add));
      return Optional.of(new Json.Arr(fitting));
    };
  }

  /**
   * @param least as many members have to be there
   */
  private static Shape object(Map<String, Shape> shapes, int least) {
    return value -> {
      if (!(value instanceof Json.Obj(var members))) {
        return Optional.empty();
      }
      Map<String, Json> fitting = new LinkedHashMap<>();
      members.forEach((name, member) -> {
        Shape shape = shapes.get(name);
        if (shape != null) {
          shape.fit(member).ifPresent(fit -> fitting.put(name, fit));
        }
      });
      return fitting.size() < least ? Optional.empty() : Optional.of(new Json.Obj(fitting));
    };
  }
}
