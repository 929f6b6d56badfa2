package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Images as packages of an SPDX document (SPDX specification 2.3, clause 7). */
final class SpdxPackage {
  /** As the JSON schema has it; the specification's text has a hyphen. */
  static final String OPERATING_SYSTEM = "OPERATING_SYSTEM";

  /** Nothing is said of it. */
  static final String NOTHING = "NOASSERTION";

  private SpdxPackage() {}

  /** The release itself. */
  static Json ofRelease(String id, String name, String version, Digest digest) {
    Map<String, Json> members = about(name, id, version);
    put(members, digest, OPERATING_SYSTEM, NOTHING);
    return new Json.Obj(members);
  }

  /** One image of it. */
  static Json of(String id, SpdxComponent of, String purpose) {
    Map<String, Json> members = about(of.name(), id, of.version());
    put(members, of.digest(), purpose, of.author());
    if (!of.description().isBlank()) {
      members.put("description", new Json.Str(of.description().strip()));
    }
    members.put(
        "externalRefs",
        new Json.Arr(
            List.of(
                texts(
                    Map.entry("referenceCategory", "PACKAGE-MANAGER"),
                    Map.entry("referenceType", "purl"),
                    Map.entry("referenceLocator", url(of))))));
    return new Json.Obj(members);
  }

  private static Map<String, Json> about(String name, String id, String version) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", new Json.Str(name));
    members.put("SPDXID", new Json.Str(id));
    if (!version.isEmpty()) {
      members.put("versionInfo", new Json.Str(version));
    }
    members.put("downloadLocation", new Json.Str(NOTHING));
    return members;
  }

  private static void put(Map<String, Json> members, Digest digest, String purpose, String author) {
    boolean unknown = author.isBlank() || author.equals(NOTHING);
    String supplier = unknown ? NOTHING : "Organization: " + author.strip();
    members.put("supplier", new Json.Str(supplier));
    members.put("originator", new Json.Str(supplier));
    members.put("filesAnalyzed", new Json.Bool(false));
    members.put(
        "checksums",
        new Json.Arr(
            List.of(
                texts(
                    Map.entry("algorithm", "SHA256"), Map.entry("checksumValue", digest.hex())))));
    members.put("licenseConcluded", new Json.Str(NOTHING));
    members.put("licenseDeclared", new Json.Str(NOTHING));
    members.put("copyrightText", new Json.Str(NOTHING));
    members.put("primaryPackagePurpose", new Json.Str(purpose));
  }

  /**
   * Package URL specification, type "oci": a name in lower case, and the digest. The name is the
   * one that stands in the image, since that of a repository is another one in a mirror.
   */
  private static String url(SpdxComponent of) {
    return "pkg:oci/%s@%s"
        .formatted(encoded(of.name().toLowerCase(Locale.ROOT)), encoded(of.digest().toString()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** An object of texts, in their order. */
  @SafeVarargs
  static Json texts(Map.Entry<String, String>... entries) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (var entry : entries) {
      members.put(entry.getKey(), new Json.Str(entry.getValue()));
    }
    return new Json.Obj(members);
  }
}
