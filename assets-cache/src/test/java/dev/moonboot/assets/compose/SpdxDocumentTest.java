package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The software bill of materials of a release. */
class SpdxDocumentTest {
  private static final Digest RELEASE = Digest.of("release".getBytes(UTF_8));
  private static final Digest IMAGER = Digest.of("imager".getBytes(UTF_8));
  private static final Digest FRR = Digest.of("frr".getBytes(UTF_8));

  @TempDir Path folder;

  private static SpdxDocument.Component component(String name, String version, String author) {
    return new SpdxDocument.Component(
        name,
        version,
        author,
        name.equals("frr") ? "Routing\n" : "",
        name.equals("frr") ? FRR : IMAGER);
  }

  private Json.Obj document(@Nullable Path said) throws IOException {
    Path to = Files.createTempFile(folder, "sbom", ".json");
    Files.delete(to);
    var found =
        SpdxDocument.write(
            RELEASE,
            "compute",
            Arch.AMD64,
            component("talos", "v1.13.9", ""),
            List.of(component("frr", "v1.0.2", "Jon"), component("Own One", "", "")),
            said,
            to);
    assertEquals(Digest.of(Files.readAllBytes(to)), found.digest());
    return (Json.Obj) JsonText.parse(Files.readString(to));
  }

  @Test
  void says_what_an_extension_is() throws IOException {
    Json extension = document(null).array("packages").orElseThrow().get(2);
    assertEquals(
        """
        {"name":"frr","SPDXID":"SPDXRef-extension-0","versionInfo":"v1.0.2",\
        "downloadLocation":"NOASSERTION",\
        "supplier":"Organization: Jon","originator":"Organization: Jon","filesAnalyzed":false,\
        "checksums":[{"algorithm":"SHA256","checksumValue":"%s"}],\
        "licenseConcluded":"NOASSERTION","licenseDeclared":"NOASSERTION",\
        "copyrightText":"NOASSERTION","primaryPackagePurpose":"CONTAINER",\
        "description":"Routing",\
        "externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl",\
        "referenceLocator":"pkg:oci/frr@sha256%%3A%s"}]}\
        """
            .formatted(FRR.hex(), FRR.hex()),
        extension.compact());
  }

  @Test
  void has_what_the_specification_demands() throws IOException {
    Json.Obj document = document(null);
    assertEquals("SPDX-2.3", text(document, "spdxVersion")); // clause 6.1
    assertEquals("CC0-1.0", text(document, "dataLicense")); // 6.2
    assertEquals("SPDXRef-DOCUMENT", text(document, "SPDXID")); // 6.3
    assertEquals("compute-amd64", text(document, "name")); // 6.4
    URI namespace = URI.create(text(document, "documentNamespace")); // 6.5: unique, without "#"
    assertTrue(namespace.isAbsolute() && namespace.getFragment() == null, namespace.toString());
    assertTrue(namespace.toString().contains(RELEASE.hex()));
    Json.Obj creation = document.object("creationInfo").orElseThrow();
    assertEquals("1970-01-01T00:00:00Z", text(creation, "created")); // 6.9
    assertEquals(List.of(new Json.Str("Tool: moonboot")), creation.array("creators").orElseThrow());
    Set<String> ids = new HashSet<>(Set.of("SPDXRef-DOCUMENT"));
    for (Json item : document.array("packages").orElseThrow()) {
      Json.Obj each = (Json.Obj) item;
      assertTrue(!text(each, "name").isEmpty()); // 7.1
      assertTrue(text(each, "SPDXID").matches("SPDXRef-[A-Za-z0-9.-]+")); // 7.2
      assertTrue(ids.add(text(each, "SPDXID")));
      assertTrue(text(each, "downloadLocation").matches("NOASSERTION")); // 7.7
      assertTrue(text(each, "supplier").matches("NOASSERTION|Organization: .+")); // 7.5
      assertEquals(new Json.Bool(false), each.member("filesAnalyzed").orElseThrow()); // 7.8
    }
    for (Json item : document.array("relationships").orElseThrow()) {
      Json.Obj each = (Json.Obj) item; // 11.1
      assertTrue(ids.contains(text(each, "spdxElementId")));
      assertTrue(ids.contains(text(each, "relatedSpdxElement")));
      assertTrue(Set.of("DESCRIBES", "CONTAINS").contains(text(each, "relationshipType")));
    }
  }

  @Test
  void a_name_with_odd_characters_is_a_proper_package_url() throws IOException {
    Json.Obj own = (Json.Obj) document(null).array("packages").orElseThrow().get(3);
    Json.Obj url = (Json.Obj) own.array("externalRefs").orElseThrow().getFirst();
    assertEquals("pkg:oci/own%20one@sha256%3A" + IMAGER.hex(), text(url, "referenceLocator"));
  }

  private static String text(Json.Obj in, String name) {
    return in.text(name).orElseThrow(() -> new AssertionError(name + " is missing in " + in));
  }

  @Test
  void refers_to_what_the_base_says_itself() throws IOException {
    Path said = folder.resolve("talos.spdx.json");
    Files.writeString(said, "{\"documentNamespace\":\"https://talos.dev/spdx/v1.13.9\"}");
    Json.Obj document = document(said);
    assertEquals(
        """
        [{"externalDocumentId":"DocumentRef-base","spdxDocument":"https://talos.dev/spdx/v1.13.9",\
        "checksum":{"algorithm":"SHA1","checksumValue":"%s"}}]\
        """
            .formatted("f9dba4f381cf994679d04f2947de49738abed1f3"),
        document.member("externalDocumentRefs").orElseThrow().compact());
    assertEquals(
        """
        {"spdxElementId":"SPDXRef-base","relationshipType":"DESCRIBED_BY",\
        "relatedSpdxElement":"DocumentRef-base:SPDXRef-DOCUMENT"}\
        """,
        document.array("relationships").orElseThrow().getLast().compact());
  }

  @Test
  void leaves_out_what_is_no_document() throws IOException {
    Path said = Files.writeString(folder.resolve("talos.spdx.json"), "no JSON");
    assertEquals(document(null), document(said));
  }
}
