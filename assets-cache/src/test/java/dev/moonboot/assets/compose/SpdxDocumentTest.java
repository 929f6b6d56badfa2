package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.compose.SpdxComponent.Said;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import dev.moonboot.assets.tree.TreeNode.Directory;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.ChildJvm;
import dev.moonboot.testing.SpdxFixture;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The software bill of materials of a release. */
class SpdxDocumentTest {
  private static final Digest RELEASE = Digest.of("release".getBytes(UTF_8));
  private static final Digest IMAGER = Digest.of("imager".getBytes(UTF_8));
  private static final Digest FRR = Digest.of("frr".getBytes(UTF_8));
  private static final String DAMAGED = "{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[";

  @TempDir Path folder;

  private static SpdxComponent component(String name, String version, String author, Said... said) {
    return new SpdxComponent(
        name,
        version,
        author,
        name.equals("frr") ? "Routing\n" : "",
        name.equals("frr") ? FRR : IMAGER,
        List.of(said));
  }

  private static Said said(String name, String document) {
    return new Said(name, Content.of(document.getBytes(UTF_8)));
  }

  private Json.Obj document(SpdxComponent base, SpdxComponent... extensions) throws IOException {
    return (Json.Obj) JsonText.parse(text(base, extensions));
  }

  private String text(SpdxComponent base, SpdxComponent... extensions) throws IOException {
    Path to = folder.resolve("sbom");
    Files.deleteIfExists(to);
    var found =
        new SpdxDocument(RELEASE, Arch.AMD64, "compute").write(base, List.of(extensions), to);
    assertEquals(Digest.of(Files.readAllBytes(to)), found.digest());
    assertEquals(Files.size(to), found.size());
    String text = Files.readString(to);
    assertValid(text);
    return text;
  }

  /** By the schema of SPDX 2.3, and by what that cannot say. */
  private static void assertValid(String text) throws IOException {
    try (InputStream schema =
        SpdxDocumentTest.class.getResourceAsStream("/resources/spdx-schema-v2.3.json")) {
      var wrong =
          JsonSchemaFactory.getInstance(VersionFlag.V201909)
              .getSchema(schema)
              .validate(text, InputFormat.JSON);
      assertEquals(Set.of(), wrong);
    }
    Json.Obj document = (Json.Obj) JsonText.parse(text);
    Set<String> ids = new HashSet<>(Set.of("SPDXRef-DOCUMENT"));
    for (Json.Obj each : items(document, "packages")) {
      assertTrue(text(each, "SPDXID").matches("SPDXRef-[A-Za-z0-9.-]+"), each.compact()); // 7.2
      assertTrue(ids.add(text(each, "SPDXID")), each.compact());
      assertEquals(new Json.Bool(false), each.member("filesAnalyzed").orElseThrow()); // 7.8
    }
    for (Json.Obj each : items(document, "relationships")) {
      assertTrue(ids.contains(text(each, "spdxElementId")), each.compact()); // 11.1
      assertTrue(ids.contains(text(each, "relatedSpdxElement")), each.compact());
    }
  }

  private static List<Json.Obj> items(Json.Obj in, String name) {
    return in.array(name).orElse(List.of()).stream().map(Json.Obj.class::cast).toList();
  }

  private static String text(Json.Obj in, String name) {
    return in.text(name).orElseThrow(() -> new AssertionError(name + " is missing in " + in));
  }

  @Test
  void says_what_an_extension_is() throws IOException {
    Json.Obj document =
        document(component("talos", "v1.13.9", ""), component("frr", "v1.0.2", "Jon"));
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
        items(document, "packages").get(2).compact());
  }

  @Test
  void has_what_the_specification_demands() throws IOException {
    Json.Obj document = document(component("talos", "v1.13.9", ""), component("own", "", ""));
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
  }

  @Test
  void a_name_with_odd_characters_is_a_proper_package_url() throws IOException {
    Json.Obj own =
        items(document(component("talos", "v1", ""), component("Own One", "", "")), "packages")
            .getLast();
    assertEquals(
        "pkg:oci/own%20one@sha256%3A" + IMAGER.hex(),
        text(items(own, "externalRefs").getFirst(), "referenceLocator"));
  }

  @Test
  void has_the_packages_that_talos_and_its_extensions_name() throws IOException {
    Json.Obj document =
        document(
            component("talos", "v1.13.9", "", said("a", SpdxFixture.document("kernel", "go/x"))),
            component(
                "frr",
                "v1.0.2",
                "",
                said("a", SpdxFixture.document("kernel")),
                said("b", SpdxFixture.document("kernel"))));
    assertEquals(
        List.of(
            "SPDXRef-release compute",
            "SPDXRef-base talos",
            "SPDXRef-base-0-0-Package-kernel kernel",
            "SPDXRef-base-0-1-Package-go-x go/x",
            "SPDXRef-extension-0 frr",
            "SPDXRef-extension-0-0-0-Package-kernel kernel",
            "SPDXRef-extension-0-1-0-Package-kernel kernel"),
        items(document, "packages").stream()
            .map(each -> text(each, "SPDXID") + " " + text(each, "name"))
            .toList());
    assertEquals(
        List.of(
            "DOCUMENT DESCRIBES release",
            "release CONTAINS base",
            "release CONTAINS extension-0",
            "base CONTAINS base-0-0-Package-kernel",
            "base CONTAINS base-0-1-Package-go-x",
            "base-0-0-Package-kernel DEPENDS_ON base-0-0-Package-kernel",
            "base-0-0-Package-kernel DEPENDS_ON base-0-1-Package-go-x",
            "extension-0 CONTAINS extension-0-0-0-Package-kernel",
            "extension-0-0-0-Package-kernel DEPENDS_ON extension-0-0-0-Package-kernel",
            "extension-0 CONTAINS extension-0-1-0-Package-kernel",
            "extension-0-1-0-Package-kernel DEPENDS_ON extension-0-1-0-Package-kernel"),
        items(document, "relationships").stream()
            .map(each ->
                (text(each, "spdxElementId")
                        + " "
                        + text(each, "relationshipType")
                        + " "
                        + text(each, "relatedSpdxElement"))
                    .replace("SPDXRef-", ""))
            .toList());
    assertFalse(document.member("comment").isPresent());
  }

  @Test
  void a_package_keeps_what_spdx_2_3_has_and_its_licence_under_a_name_of_its_own()
      throws IOException {
    Json.Obj document =
        document(component("talos", "v1", "", said("a", SpdxFixture.document("go/x"))));
    assertEquals(
        """
        {"name":"go/x","SPDXID":"SPDXRef-base-0-0-Package-go-x","versionInfo":"v1.2",\
        "supplier":"NOASSERTION","downloadLocation":"NOASSERTION",\
        "licenseConcluded":"NOASSERTION","licenseDeclared":"MIT AND LicenseRef-base-0-0-own-1",\
        "copyrightText":"NOASSERTION","primaryPackagePurpose":"LIBRARY",\
        "externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl",\
        "referenceLocator":"pkg:golang/go/x@v1.2"}],"filesAnalyzed":false}\
        """,
        items(document, "packages").getLast().compact());
    assertEquals(
        """
        [{"licenseId":"LicenseRef-base-0-0-own-1","extractedText":"Do as you like"}]\
        """,
        document.member("hasExtractedLicensingInfos").orElseThrow().compact());
  }

  @Test
  void what_is_missing_is_told_and_refuses_nothing() throws IOException {
    Content large =
        new Content() {
          @Override
          public long size() {
            return (32L << 20) + 1;
          }

          @Override
          public InputStream open() {
            throw new AssertionError("is not read");
          }
        };
    Json.Obj document =
        document(
            component("talos", "v1", ""),
            component("frr", "v1", "", new Said("usr/large", large), said("usr/cut", DAMAGED)),
            component("own", "v1", "", said("usr/none", "{\"spdxVersion\":\"SPDX-3.0\"}")));
    assertEquals(
        """
        talos does not say which packages are in it.
        frr: what usr/large says is not here: it is too large.
        frr: what usr/cut says is not here: it is no SPDX 2 document that can be read.
        own: what usr/none says is not here: it is no SPDX 2 document that can be read.\
        """,
        text(document, "comment"));
    assertEquals(4, items(document, "packages").size());
  }

  @Test
  void identifiers_that_are_none_or_given_twice_do_no_harm() throws IOException {
    String odd =
        """
        {"spdxVersion":"SPDX-2.2","packages":[
        {"SPDXID":"SPDXRef-a_b","name":"one","primaryPackagePurpose":"BOAT","name2":{}},
        {"SPDXID":"SPDXRef-a+b","name":"two","licenseDeclared":"DocumentRef-x:LicenseRef-y"},
        {"SPDXID":"SPDXRef-a+b","name":"again"},{"SPDXID":"\\ud800","name":"half\\ud800"},
        {"name":"nobody"},{"SPDXID":3,"name":"number"},"text",null,[[1]]],
        "relationships":[{"spdxElementId":"SPDXRef-a_b","relationshipType":"LIKES",
        "relatedSpdxElement":"SPDXRef-a+b"},{"spdxElementId":"SPDXRef-a_b",
        "relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-gone"},7]}
        """;
    assertEquals(
        List.of("SPDXRef-base-0-0-a-b one", "SPDXRef-base-0-1-a-b two", "SPDXRef-base-0-2-- half?"),
        items(document(component("talos", "v1", "", said("a", odd))), "packages").stream()
            .skip(2)
            .map(each -> text(each, "SPDXID") + " " + text(each, "name"))
            .toList());
  }

  @Test
  void equal_inputs_give_equal_bytes() throws IOException {
    SpdxComponent base =
        component("talos", "v1", "", said("a", SpdxFixture.document("b", "a", "c")));
    assertEquals(text(base), text(base));
  }

  @Test
  void a_document_larger_than_the_heap_is_taken_over() throws IOException, InterruptedException {
    assertEquals("27 MiB, 40000 packages\n", ChildJvm.run(SpdxHeapMain.class, 24, folder));
  }

  @Test
  void documents_are_found_where_nodes_have_them() {
    TreeNode.File file = new TreeNode.File(0644, Content.of("{}".getBytes(UTF_8)));
    Directory spdx =
        Directory.builder(0755)
            .put("z.spdx.json", file)
            .put("a.spdx.json", file)
            .put("readme", file)
            .put("talos-amd64.spdx.json", file)
            .put("link.spdx.json", new TreeNode.Symlink("a.spdx.json"))
            .build();
    Directory share = Directory.builder(0755).put("spdx", spdx).build();
    Directory local = Directory.builder(0755).put("share", share).build();
    Directory usr = Directory.builder(0755).put("share", share).put("local", local).build();
    FileTree tree = new FileTree(Directory.builder(0755).put("usr", usr).build());
    assertEquals(
        List.of("usr/share/spdx/talos-amd64.spdx.json"),
        paths(SpdxComponent.ofTalos(new BaseRoot(tree, ""), Arch.AMD64)));
    assertEquals(List.of(), SpdxComponent.ofTalos(new BaseRoot(tree, ""), Arch.ARM64));
    assertEquals(List.of(), SpdxComponent.ofTalos(new BaseRoot(null, "damaged"), Arch.AMD64));
    assertEquals(
        List.of(
            "usr/local/share/spdx/a.spdx.json",
            "usr/local/share/spdx/talos-amd64.spdx.json",
            "usr/local/share/spdx/z.spdx.json"),
        paths(SpdxComponent.ofExtension(tree)));
    assertEquals(List.of(), SpdxComponent.ofExtension(FileTree.EMPTY));
  }

  private static List<String> paths(List<Said> said) {
    return said.stream().map(Said::path).toList();
  }

  @Test
  void a_locale_with_digits_of_its_own_makes_the_same_bytes() throws IOException {
    SpdxComponent base =
        component("talos", "v1", "", said("a", SpdxFixture.document("kernel", "go/x")));
    String usual = text(base);
    Locale locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals(usual, text(base));
    } finally {
      Locale.setDefault(locale);
    }
  }
}
