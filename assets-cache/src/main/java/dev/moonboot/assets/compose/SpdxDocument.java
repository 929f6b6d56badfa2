package dev.moonboot.assets.compose;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ReleaseTexts;
import dev.moonboot.assets.compose.SpdxComponent.Said;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.squashfs.SquashfsException;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The file {@link ReleaseTexts#SBOM}: which images a release was made of, and which packages are in
 * them as far as they say so (SPDX specification 2.3, JSON). Says nothing of the time and the place
 * where it was made, nor of where the images were, so that equal recipes give equal documents.
 *
 * <p>Their packages are copied into it, because scanners follow no references to other documents.
 * Those of 64 MiB altogether are, 32 MiB each, and 50,000 packages; a document that is larger or
 * cannot be read is told of in this one's comment.
 */
public final class SpdxDocument {
  private static final String DOCUMENT = "SPDXRef-DOCUMENT";
  private static final String RELEASE = "SPDXRef-release";
  private static final long LARGEST = 32 << 20;
  private static final long LARGEST_TOGETHER = 64 << 20;
  private static final int MOST_PACKAGES = 50_000;
  private static final int MOST_DOCUMENTS = 200;

  private final Digest release;
  private final Arch arch;
  private final String name;
  private final Map<Part, List<SaidPackages>> parts = new LinkedHashMap<>();
  private final List<String> remarks = new ArrayList<>();
  private long bytes;
  private int packages;

  /** One image; its place is what identifiers of it begin with. */
  private record Part(String place, SpdxComponent of, String purpose) {
    String id() {
      return "SPDXRef-" + place;
    }
  }

  /**
   * @param release the digest of its recipe
   * @param name what it is called
   */
  public SpdxDocument(Digest release, Arch arch, String name) {
    this.release = release;
    this.arch = arch;
    this.name = name;
  }

  /**
   * Writes the document, once.
   *
   * @param extensions in their order
   * @param to a file that is not there yet
   */
  public Found write(SpdxComponent base, List<SpdxComponent> extensions, Path to)
      throws IOException {
    add(new Part("base", base, SpdxPackage.OPERATING_SYSTEM));
    for (int i = 0; i < extensions.size(); i++) {
      add(new Part("extension-" + i, extensions.get(i), "CONTAINER"));
    }
    try (ListedJson out = new ListedJson(to)) {
      head(out);
      out.list("packages", items -> packages(items, base.version()));
      out.list("hasExtractedLicensingInfos", this::licences);
      out.list("relationships", this::relationships);
      return out.finish();
    }
  }

  private void add(Part part) throws IOException {
    List<SaidPackages> read = new ArrayList<>();
    List<Said> said = part.of().said();
    if (said.isEmpty()) {
      remarks.add(part.of().name() + " does not say which packages are in it.");
    }
    for (Said each : said.subList(0, Math.min(said.size(), MOST_DOCUMENTS))) {
      String why = read(part, each, read);
      if (!why.isEmpty()) {
        remarks.add(
            "%s: what %s says is not here: %s.".formatted(part.of().name(), each.path(), why));
      }
    }
    if (said.size() > MOST_DOCUMENTS) {
      remarks.add(
          part.of().name() + ": only the first " + MOST_DOCUMENTS + " of its documents are here.");
    }
    parts.put(part, read);
  }

  /** Why not; empty when it was. */
  private String read(Part part, Said said, List<SaidPackages> to) throws IOException {
    long size = said.content().size();
    if (size > LARGEST || bytes + size > LARGEST_TOGETHER) {
      return "it is too large";
    }
    try {
      String place = part.place() + "-" + to.size();
      SaidPackages read = SaidPackages.read(said.content(), place, MOST_PACKAGES - packages);
      to.add(read);
      bytes += size;
      packages += read.count();
      return "";
    } catch (ComposeException | JsonException | SquashfsException e) {
      return "it is no SPDX 2 document that can be read";
    }
  }

  private void head(ListedJson out) throws IOException {
    out.member("spdxVersion", new Json.Str("SPDX-2.3"));
    out.member("dataLicense", new Json.Str("CC0-1.0"));
    out.member("SPDXID", new Json.Str(DOCUMENT));
    out.member("name", new Json.Str(name + "-" + arch.id()));
    out.member(
        "documentNamespace",
        new Json.Str("https://spdx.org/spdxdocs/moonboot-" + release.hex() + "-" + arch.id()));
    Map<String, Json> creation = new LinkedHashMap<>();
    creation.put("created", new Json.Str("1970-01-01T00:00:00Z"));
    creation.put("creators", new Json.Arr(List.of(new Json.Str("Tool: moonboot"))));
    out.member("creationInfo", new Json.Obj(creation));
    if (!remarks.isEmpty()) {
      out.member("comment", new Json.Str(String.join("\n", remarks)));
    }
  }

  private void packages(ListedJson out, String version) throws IOException {
    out.item(SpdxPackage.ofRelease(RELEASE, name, version, release));
    for (var part : parts.entrySet()) {
      Part image = part.getKey();
      out.item(SpdxPackage.of(image.id(), image.of(), image.purpose()));
      for (SaidPackages said : part.getValue()) {
        said.packages(out);
      }
    }
  }

  private void licences(ListedJson out) throws IOException {
    for (List<SaidPackages> each : parts.values()) {
      for (SaidPackages said : each) {
        said.licences(out);
      }
    }
  }

  private void relationships(ListedJson out) throws IOException {
    out.item(relationship(DOCUMENT, "DESCRIBES", RELEASE));
    for (Part part : parts.keySet()) {
      out.item(relationship(RELEASE, "CONTAINS", part.id()));
    }
    for (var part : parts.entrySet()) {
      for (SaidPackages said : part.getValue()) {
        for (String id : said.ids()) {
          out.item(relationship(part.getKey().id(), "CONTAINS", id));
        }
        said.relationships(out);
      }
    }
  }

  private static Json relationship(String one, String how, String other) {
    return SpdxPackage.texts(
        Map.entry("spdxElementId", one),
        Map.entry("relationshipType", how),
        Map.entry("relatedSpdxElement", other));
  }
}
