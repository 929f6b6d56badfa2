package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.ReleaseTexts;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.LayoutFixture;
import dev.moonboot.testing.Requires;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Releases that are composed as nodes get them, with all that can be made of them. */
class ComposedForRealTest {
  private static final Set<Output> ALL_WITHOUT_ISO =
      Set.of(Output.INITRAMFS, Output.PARTS, Output.UKI, Output.INSTALLER);

  /** As Talos publishes it: without extensions. */
  private static final TestImages.Content TALOS =
      new TestImages.Content(
          "v1.13.9", "6.18.9-talos", "talos.platform=metal", List.of(), 64 << 10, 1);

  @TempDir Path root;

  private ComposeLab lab(String folder) {
    ComposeLab lab = new ComposeLab(root.resolve(folder));
    lab.making = ComposeLab.Making.REAL;
    lab.outputs = ALL_WITHOUT_ISO;
    lab.arguments = List.of("console=ttyS0");
    lab.push(ComposeLab.IMAGER, "v1.13.9", TestImages.imager(TALOS));
    lab.push("acme/two", "v1", ExtensionImages.frr());
    lab.push("acme/three", "v1", ExtensionImages.ucode());
    lab.push("siderolabs/installer-base", "v1.13.9", TestImages.installer(TALOS));
    lab.reopen();
    return lab;
  }

  private static Release composed(ComposeLab lab) {
    Refresh first = refresh(lab.cache(), lab.channel());
    Release head = assertInstanceOf(Updated.class, first, first::toString).head();
    assertInstanceOf(Unchanged.class, refresh(lab.cache(), lab.channel()));
    return head;
  }

  private static Build build(Release release, Arch arch) {
    return Optional.ofNullable(release.builds().get(arch)).orElseThrow();
  }

  /** But for the record, which says when and of what folder it was made. */
  private static Map<String, Digest> bytes(Release release) {
    Map<String, Digest> all = new LinkedHashMap<>();
    release
        .builds()
        .forEach((arch, build) ->
            AssetName.sorted(build.assets())
                .forEach((name, asset) -> all.put(name.flatName(arch), asset.digest())));
    all.keySet().removeIf(name -> name.startsWith("release-"));
    return all;
  }

  @Test
  void everything_that_is_asked_for_is_there_for_both_architectures() throws IOException {
    try (ComposeLab lab = lab("one")) {
      lab.arches = List.of(Arch.AMD64, Arch.ARM64);
      Release head = composed(lab);
      for (Arch arch : Arch.values()) {
        Build build = build(head, arch);
        assertEquals(
            List.of("one v1.0.0", "frr v1.0.2", "ucode 1.0.0"), build.extensions().subList(0, 3));
        assertTrue(build.extensions().getLast().startsWith("schematic "), build.toString());
        for (AssetName name :
            List.of(
                AssetName.VMLINUZ,
                AssetName.INITRAMFS,
                AssetName.INITRAMFS_BASE,
                AssetName.INITRAMFS_EXTENSIONS,
                AssetName.CMDLINE,
                AssetName.UKI,
                InstallerFiles.INDEX,
                InstallerFiles.MANIFEST,
                ReleaseTexts.SBOM,
                ReleaseTexts.SHA512)) {
          assertTrue(build.assets().containsKey(name), name.fileName());
        }
        UkiLines uki = Optional.ofNullable(build.uki()).orElseThrow();
        String line = Files.readString(asset(head, arch, AssetName.CMDLINE).file()).strip();
        assertEquals(List.of(line), uki.base());
        assertTrue(line.contains(" console=ttyS0 "), line);
      }
      assertEquals(
          asset(head, Arch.AMD64, InstallerFiles.INDEX).digest(),
          asset(head, Arch.ARM64, InstallerFiles.INDEX).digest());
      Invariants.check(root.resolve("one"), lab.cache(), lab.channel());
    }
  }

  private static Asset asset(Release release, Arch arch, AssetName name) {
    return release.asset(arch, name).orElseThrow();
  }

  /** All inputs in a folder, and a cache in another. */
  private Release fromFolder(String folder) {
    LayoutFixture images = new LayoutFixture(root.resolve(folder).resolve("images"), false);
    try (ComposeLab lab = new ComposeLab(root.resolve(folder).resolve("cache"))) {
      lab.making = ComposeLab.Making.REAL;
      lab.outputs = ALL_WITHOUT_ISO;
      images.push("x", "v1.13.9", TestImages.imager(TALOS));
      images.push("x", "frr", ExtensionImages.frr());
      images.push("x", "ucode", ExtensionImages.ucode());
      images.push("x", "installer", TestImages.installer(TALOS));
      lab.base = new Base.Image(in(images, "v1.13.9"));
      lab.installerBase = in(images, "installer");
      lab.extensions =
          new ArrayList<>(
              List.of(new Part.Image(in(images, "frr")), new Part.Image(in(images, "ucode"))));
      lab.reopen();
      return composed(lab);
    }
  }

  private static ImageReference in(LayoutFixture images, String tag) {
    return new ImageReference(images.layout(), tag, null);
  }

  @Test
  void its_bill_of_materials_has_the_packages_of_base_and_extensions() throws IOException {
    try (ComposeLab lab = lab("one")) {
      lab.push("acme/two", "v1", ExtensionImages.withPackages("two", "v1.0.0", "bird"));
      Release head = composed(lab);
      String text = Files.readString(asset(head, Arch.AMD64, ReleaseTexts.SBOM).file());
      Json.Obj document = (Json.Obj) JsonText.parse(text);
      assertEquals(
          List.of("talos", "kernel", "go.etcd.io/bbolt", "one", "two", "bird", "ucode"),
          document.array("packages").orElseThrow().stream()
              .skip(1)
              .map(each -> ((Json.Obj) each).text("name").orElseThrow())
              .toList());
      assertEquals(
          """
          one does not say which packages are in it.
          ucode does not say which packages are in it.\
          """,
          document.text("comment").orElseThrow());
    }
  }

  @Test
  void an_iso_image_is_made_where_its_programs_are() throws IOException {
    List.of("xorriso", "mformat", "mcopy").forEach(Requires::program);
    try (ComposeLab lab = lab("one")) {
      lab.outputs = Set.of(Output.ISO);
      Release head = composed(lab);
      assertTrue(asset(head, Arch.AMD64, AssetName.ISO).size() > 1 << 20);
      assertTrue(head.asset(Arch.AMD64, AssetName.UKI).isEmpty());
    }
  }

  @Test
  void a_mirror_and_a_folder_make_the_same_release_of_the_same_bytes() {
    Release one;
    try (ComposeLab lab = lab("one")) {
      one = composed(lab);
    }
    Release two;
    LayoutFixture images = new LayoutFixture(root.resolve("images"), false);
    try (ComposeLab lab = lab("mirror")) {
      images.push("x", "v1.13.9", TestImages.imager(TALOS));
      lab.push("mirror/own/base", "today", TestImages.installer(TALOS));
      lab.base = new Base.Image(in(images, "v1.13.9"));
      lab.installerBase = lab.image("mirror/own/base", "today");
      lab.push("mirror/ghcr.io/acme/one", "a", ExtensionImages.named("one", "v1.0.0"));
      lab.push("mirror/ghcr.io/acme/two", "b", ExtensionImages.frr());
      lab.push("three", "c", ExtensionImages.ucode());
      lab.extensions =
          new ArrayList<>(
              List.of(
                  new Part.Image(lab.image("mirror/ghcr.io/acme/one", "a")),
                  new Part.Image(lab.image("mirror/ghcr.io/acme/two", "b")),
                  new Part.Image(lab.image("three", "c"))));
      two = composed(lab);
    }
    assertEquals(one.digest(), two.digest());
    assertEquals(bytes(one), bytes(two));
  }

  @Test
  void another_folder_locale_and_time_zone_make_the_same_release_of_the_same_bytes() {
    Release one = fromFolder("one");
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      Release two = fromFolder("another folder");
      assertEquals(one.digest(), two.digest());
      assertEquals(bytes(one), bytes(two));
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }
}
