package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ReleaseTexts;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file {@link ReleaseTexts#SBOM}: which images a release was made of (SPDX specification 2.3,
 * JSON). Says nothing of the time and the place where it was made, nor of where the images were, so
 * that equal recipes give equal documents.
 */
public final class SpdxDocument {
  private static final String NOTHING = "NOASSERTION";
  private static final String DOCUMENT = "SPDXRef-DOCUMENT";
  private static final String RELEASE = "SPDXRef-release";
  private static final String GROUND = "SPDXRef-base";
  private static final String GROUND_DOCUMENT = "DocumentRef-base";
  private static final int MAX_GROUND_DOCUMENT = 32 << 20;

  /**
   * One image that a release was made of.
   *
   * @param name {@code frr}
   * @param version {@code v1.0.2}; empty when it does not say
   * @param author empty when it does not say
   * @param description empty when it does not say
   * @param digest of the image
   */
  public record Component(
      String name, String version, String author, String description, Digest digest) {}

  private final Digest release;
  private final Arch arch;
  private final List<Json> packages = new ArrayList<>();
  private final List<Json> relationships = new ArrayList<>();

  private SpdxDocument(Digest release, Arch arch) {
    this.release = release;
    this.arch = arch;
  }

  /**
   * Writes the document of one architecture.
   *
   * @param release the digest of its recipe
   * @param name what it is called: the name of its composition
   * @param extensions in their order
   * @param said {@link ReleaseTexts#BASE_SBOM}, which is referred to; null for none. One that is no
   *     SPDX document is left out
   */
  public static Found write(
      Digest release,
      String name,
      Arch arch,
      Component base,
      List<Component> extensions,
      @Nullable Path said,
      Path to)
      throws IOException {
    var document = new SpdxDocument(release, arch);
    document.release(name, base.version());
    document.component(GROUND, base, "OPERATING-SYSTEM");
    for (int i = 0; i < extensions.size(); i++) {
      document.component("SPDXRef-extension-" + i, extensions.get(i), "CONTAINER");
    }
    Optional<Json> other = said == null ? Optional.empty() : reference(said);
    if (other.isPresent()) {
      document.relate(GROUND, "DESCRIBED_BY", GROUND_DOCUMENT + ":" + DOCUMENT);
    }
    byte[] text = document.json(name, other).pretty().getBytes(UTF_8);
    return WrittenFile.write(to, text, "made here");
  }

  private void release(String name, String version) {
    Map<String, Json> members = about(name, RELEASE, version);
    members.put("downloadLocation", new Json.Str(NOTHING));
    put(members, release, "OPERATING-SYSTEM", NOTHING);
    packages.add(new Json.Obj(members));
    relate(DOCUMENT, "DESCRIBES", RELEASE);
  }

  private void component(String id, Component of, String purpose) {
    Map<String, Json> members = about(of.name(), id, of.version());
    members.put("downloadLocation", new Json.Str(NOTHING));
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
    packages.add(new Json.Obj(members));
    relate(RELEASE, "CONTAINS", id);
  }

  private static Map<String, Json> about(String name, String id, String version) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", new Json.Str(name));
    members.put("SPDXID", new Json.Str(id));
    if (!version.isEmpty()) {
      members.put("versionInfo", new Json.Str(version));
    }
    return members;
  }

  private static void put(Map<String, Json> members, Digest digest, String purpose, String author) {
    boolean unknown = author.isBlank() || author.equals(NOTHING);
    String supplier = unknown ? NOTHING : "Organization: " + author.strip();
    members.put("supplier", new Json.Str(supplier));
    members.put("originator", new Json.Str(supplier));
    members.put("filesAnalyzed", new Json.Bool(false));
    members.put("checksums", new Json.Arr(List.of(checksum("SHA256", digest.hex()))));
    members.put("licenseConcluded", new Json.Str(NOTHING));
    members.put("licenseDeclared", new Json.Str(NOTHING));
    members.put("copyrightText", new Json.Str(NOTHING));
    members.put("primaryPackagePurpose", new Json.Str(purpose));
  }

  private static Json checksum(String algorithm, String hex) {
    return texts(Map.entry("algorithm", algorithm), Map.entry("checksumValue", hex));
  }

  /**
   * Package URL specification, type "oci": a name in lower case, and the digest. The name is the
   * one that stands in the image, since that of a repository is another one in a mirror.
   */
  private static String url(Component of) {
    return "pkg:oci/%s@%s"
        .formatted(encoded(of.name().toLowerCase(Locale.ROOT)), encoded(of.digest().toString()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private void relate(String one, String how, String other) {
    relationships.add(
        texts(
            Map.entry("spdxElementId", one),
            Map.entry("relationshipType", how),
            Map.entry("relatedSpdxElement", other)));
  }

  /** SPDX 2.3, 6.6: the other document's namespace, and the SHA-1 of its text. */
  private static Optional<Json> reference(Path said) throws IOException {
    if (Files.size(said) > MAX_GROUND_DOCUMENT) {
      return Optional.empty();
    }
    Optional<String> namespace;
    try {
      namespace =
          JsonText.parse(Files.readString(said)) instanceof Json.Obj document
              ? document.text("documentNamespace")
              : Optional.empty();
    } catch (JsonException e) {
      return Optional.empty();
    }
    String sum = sha1(said);
    return namespace.map(uri -> {
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("externalDocumentId", new Json.Str(GROUND_DOCUMENT));
      members.put("spdxDocument", new Json.Str(uri));
      members.put("checksum", checksum("SHA1", sum));
      return new Json.Obj(members);
    });
  }

  private static String sha1(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(sha1.digest(in.readAllBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }

  private Json json(String name, Optional<Json> other) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("spdxVersion", new Json.Str("SPDX-2.3"));
    members.put("dataLicense", new Json.Str("CC0-1.0"));
    members.put("SPDXID", new Json.Str(DOCUMENT));
    members.put("name", new Json.Str(name + "-" + arch.id()));
    members.put(
        "documentNamespace",
        new Json.Str("https://spdx.org/spdxdocs/moonboot-" + release.hex() + "-" + arch.id()));
    Map<String, Json> creation = new LinkedHashMap<>();
    creation.put("created", new Json.Str("1970-01-01T00:00:00Z"));
    creation.put("creators", new Json.Arr(List.of(new Json.Str("Tool: moonboot"))));
    members.put("creationInfo", new Json.Obj(creation));
    other.ifPresent(
        document -> members.put("externalDocumentRefs", new Json.Arr(List.of(document))));
    members.put("packages", new Json.Arr(packages));
    members.put("relationships", new Json.Arr(relationships));
    return new Json.Obj(members);
  }

  @SafeVarargs
  private static Json texts(Map.Entry<String, String>... entries) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (var entry : entries) {
      members.put(entry.getKey(), new Json.Str(entry.getValue()));
    }
    return new Json.Obj(members);
  }
}
