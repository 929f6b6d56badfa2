package dev.moonboot.testing;

import java.util.ArrayList;
import java.util.List;

/** SPDX documents as syft writes them, which Talos and its extensions have. */
public final class SpdxFixture {
  private SpdxFixture() {}

  /**
   * A document of these packages, under a licence that is named by their number; the first depends
   * on all of them. Beside them it has what is not taken over: a file, a licence that none has, and
   * members and words that SPDX 2.3 does not have.
   */
  public static String document(String... names) {
    List<String> packages = new ArrayList<>();
    List<String> licences = new ArrayList<>();
    List<String> relationships = new ArrayList<>();
    for (String name : names) {
      String id = "Package-" + name.replace('/', '-');
      packages.add(
          """
          {"name":"%s","SPDXID":"SPDXRef-%s","versionInfo":"v1.2","supplier":"NOASSERTION",\
          "downloadLocation":"NOASSERTION","filesAnalyzed":true,"hasFiles":["SPDXRef-File-1"],\
          "licenseConcluded":"NOASSERTION","licenseDeclared":"MIT AND LicenseRef-own-%d",\
          "copyrightText":"NOASSERTION","primaryPackagePurpose":"LIBRARY","odd":1,\
          "externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl",\
          "referenceLocator":"pkg:golang/%s@v1.2"},{"referenceCategory":"NONE",\
          "referenceType":"x","referenceLocator":"y"}]}\
          """
              .formatted(name, id, names.length, name));
      relationships.add(relationship("DOCUMENT", "DESCRIBES", id));
      relationships.add(relationship("Package-" + names[0].replace('/', '-'), "DEPENDS_ON", id));
      relationships.add(relationship(id, "OTHER", "File-1"));
    }
    licences.add(
        "{\"licenseId\":\"LicenseRef-own-%d\",\"extractedText\":\"Do as you like\"}"
            .formatted(names.length));
    licences.add("{\"licenseId\":\"LicenseRef-unused\",\"extractedText\":\"Do not\"}");
    return """
    {"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"said",
    "documentNamespace":"https://example.test/said","creationInfo":{"created":"2026-01-01T00:00:00Z",
    "creators":["Tool: syft-1.30.0"]},"packages":[%s],
    "files":[{"fileName":"/go.mod","SPDXID":"SPDXRef-File-1","checksums":[]}],
    "hasExtractedLicensingInfos":[%s],
    "relationships":[%s]}
    """
        .formatted(
            String.join(",\n", packages),
            String.join(",\n", licences),
            String.join(",\n", relationships));
  }

  private static String relationship(String one, String how, String other) {
    return "{\"spdxElementId\":\"SPDXRef-%s\",\"relationshipType\":\"%s\",\"relatedSpdxElement\":\"SPDXRef-%s\"}"
        .formatted(one, how, other);
  }
}
