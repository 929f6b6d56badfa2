package dev.moonboot.assets.build;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Following;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.VersionLine;
import dev.moonboot.assets.registry.ImageReferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LockFileTest {
  private static final String IMAGER = "ghcr.io/siderolabs/imager:v1.13.9";
  private static final String FRR = "ghcr.io/jsenecal/frr-talos-extension:v1.0.2";
  private static final String GVISOR = "siderolabs/gvisor";
  private static final String GVISOR_IMAGE = "ghcr.io/siderolabs/gvisor:20250505.0";
  private static final String INSTALLER_BASE = "ghcr.io/siderolabs/installer-base:v1.13.9";

  private static final String TEXT =
      """
      # What each build is made of, by digest. Written by "moonboot build lock": review it and keep it
      # with the configuration.
      format: 1
      builds:
        compute:
          talos: "v1.13.9"
          kernel: "6.12.48-talos"
          inputs:
            - {"base": "ghcr.io/siderolabs/imager:v1.13.9", "digest": "%s"}
            - {"installer-base": "ghcr.io/siderolabs/installer-base:v1.13.9", "digest": "%s"}
            - {"extension": "ghcr.io/jsenecal/frr-talos-extension:v1.0.2", "version": "v1.0.2", "digest": "%s"}
            - {"extension": "siderolabs/gvisor", "version": "20250505.0", "image": "ghcr.io/siderolabs/gvisor:20250505.0", "digest": "%s"}
        gateway:
          talos: "v1.13.9"
          inputs:
            - {"base": "channel:compute"}
      """
          .formatted(digest('a'), digest('d'), digest('b'), digest('c'));

  private static final String OR_ANOTHER_SITE =
      "; where another configuration has a build of that name, build.site in either configuration"
          + " has the file keep both";

  @TempDir Path folder;

  private static String digest(char letter) {
    return "sha256:" + String.valueOf(letter).repeat(64);
  }

  private static ImageReference image(String text) {
    return ImageReferences.parse(text);
  }

  private static Input input(String name, String image, char letter) {
    return new Input(name, image(image), Digest.parse(digest(letter)));
  }

  private static Composition composition(String name, Base base, Part... extensions) {
    return Composition.of(name, base)
        .extensions(List.of(extensions))
        .arguments(List.of("quiet"))
        .outputs(Set.of(Output.INITRAMFS, Output.INSTALLER))
        .following(Following.LOCK)
        .build();
  }

  private static final Composition COMPUTE =
      composition(
          "compute",
          new Base.Image(image(IMAGER)),
          new Part.Official(GVISOR),
          new Part.Image(image(FRR)));

  private static final Composition GATEWAY = composition("gateway", new Base.OfChannel("compute"));

  private static List<Channel> channels(Composition... compositions) {
    return List.of(compositions).stream()
        .map(of ->
            new Channel(
                of.name(),
                new ImageReference(new SourceImage.Composed(of), null, null),
                List.of(Arch.AMD64)))
        .toList();
  }

  private static Recipe recipe() {
    List<Input> extensions = List.of(input(GVISOR, GVISOR_IMAGE, 'c'), input(FRR, FRR, 'b'));
    return new Recipe(
        "v1.13.9",
        input(IMAGER, IMAGER, 'a'),
        input(INSTALLER_BASE, INSTALLER_BASE, 'd'),
        extensions,
        false,
        "metal",
        List.of("quiet"),
        "",
        List.of(Arch.AMD64),
        Set.of(Output.INITRAMFS, Output.INSTALLER),
        Marker.schematic(extensions, List.of("quiet"), ""));
  }

  private static LockFile file() {
    return LockFile.EMPTY
        .with("gateway", new LockedBuild("v1.13.9", "", List.of(LockedInput.ofComposed("compute"))))
        .with(
            "compute",
            LockedBuild.of(
                COMPUTE,
                recipe(),
                false,
                "6.12.48-talos",
                digest -> digest.hex().startsWith("b") ? "v1.0.2" : "20250505.0"));
  }

  private static RecipeSource.Locked locked(String text, Composition of, Composition... all) {
    return locked("", text, of, all);
  }

  private static RecipeSource.Locked locked(
      String site, String text, Composition of, Composition... all) {
    return new LockedRecipes(
            "moonboot.lock", site, () -> LockFile.parse("moonboot.lock", text), channels(all))
        .locked(of, List.of(Arch.AMD64));
  }

  @Test
  void a_file_that_is_shared_by_a_link_stays_shared(@TempDir Path temp) throws IOException {
    Path shared = temp.resolve("common.lock");
    Path link = Files.createDirectory(temp.resolve("fra1")).resolve("moonboot.lock");
    Files.createSymbolicLink(link, Path.of("../common.lock"));
    for (LockFile file : List.of(LockFile.EMPTY, LockFile.parse("t", TEXT))) { // made, and replaced
      file.write(link);
      assertTrue(Files.isSymbolicLink(link));
      assertEquals(file, LockFile.read(shared));
    }
  }

  @Test
  void one_input_stands_on_one_line_sorted_by_build_and_name() {
    assertEquals(TEXT, file().text());
  }

  @Test
  void what_was_written_is_read_again() throws IOException {
    Path path = folder.resolve("moonboot.lock");
    file().write(path);
    assertEquals(TEXT, Files.readString(path));
    assertEquals(file(), LockFile.read(path));
    assertEquals(LockFile.EMPTY, LockFile.parse("empty", LockFile.EMPTY.text()));
  }

  @Test
  void no_file_is_one_without_builds() {
    assertEquals(LockFile.EMPTY, LockFile.read(folder.resolve("none")));
  }

  @Test
  void lines_of_comments_and_of_windows_do_no_harm() {
    assertEquals(
        file(),
        LockFile.parse("l", TEXT.replace("\n", "\r\n").replace("builds:", "# a\n\nbuilds:")));
  }

  @Test
  void a_build_that_another_cluster_has_is_kept() {
    LockFile more = file().with("edge", requireNonNull(file().builds().get("gateway")));
    assertEquals(List.of("compute", "edge", "gateway"), List.copyOf(more.builds().keySet()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          format: 1       | format: 2    | l:3: it is of format 2 and this moonboot reads format 1; take the moonboot that wrote it
          format: 1       | version: 1   | l:3: format: 1 is expected before all else; is it a lock file?
          builds:         | build:       | l:4: builds: is expected
          kernel:         | kernle:      | l:7: not understood: expected is a build, its talos:, kernel: or inputs:, indented as moonboot writes it
          "digest"        | "digset"     | l:9: unknown: digset
          {"base"         | "base"       | l:9: not understood; is a quote, a comma or a bracket missing?
          "v1.13.9"       | "1.x"        | l:5: build compute does not say its talos: version
          gateway:        | compute:     | l:13: build compute is there twice
          sha256:bb       | sha256:b     | l:11: not a SHA-256 digest (64 lower-case hex digits): bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
          builds:         | <<<<<<< HEAD | l:4: a merge left both sides in it
          """)
  void what_is_wrong_is_told_with_its_line(String from, String to, String message) {
    String broken = TEXT.replaceFirst(Pattern.quote(from), to);
    var told = assertThrows(LockException.class, () -> LockFile.parse("l", broken));
    assertEquals(
        message
            + "; take the file back from version control, or remove what is wrong and write it anew"
            + " with moonboot build lock",
        told.getMessage());
  }

  @Test
  void a_file_that_was_cut_off_is_told() {
    for (String cut : List.of("", "format: 1\n", TEXT.substring(0, TEXT.indexOf("inputs:")))) {
      assertThrows(LockException.class, () -> LockFile.parse("l", cut));
    }
  }

  @Test
  void a_recipe_is_what_the_file_fixes_put_together_as_the_configuration_says() {
    assertEquals(new RecipeSource.Locked.Fixed(recipe()), locked(TEXT, COMPUTE, COMPUTE));
  }

  @Test
  void a_build_upon_a_build_is_made_of_what_that_is_locked_to() {
    Recipe compute = recipe();
    assertEquals(
        new RecipeSource.Locked.Fixed(
            new Recipe(
                compute.version(),
                compute.base(),
                null,
                compute.extensions(),
                false,
                "metal",
                List.of("quiet", "quiet"),
                "",
                compute.arches(),
                Set.of(Output.INITRAMFS),
                Marker.schematic(compute.extensions(), List.of("quiet", "quiet"), ""))),
        locked(
            TEXT,
            Composition.of("gateway", GATEWAY.base())
                .arguments(List.of("quiet"))
                .following(Following.LOCK)
                .build(),
            COMPUTE,
            GATEWAY));
  }

  @Test
  void what_no_longer_fits_the_configuration_is_told_with_what_to_do() {
    assertEquals(
        List.of(
            "moonboot.lock has no build other: moonboot build lock other",
            "its base is ghcr.io/siderolabs/imager:v1.14.0, and in moonboot.lock it is"
                + " ghcr.io/siderolabs/imager:v1.13.9: moonboot build lock compute"
                + OR_ANOTHER_SITE,
            "moonboot.lock does not have siderolabs/zfs: moonboot build lock compute"
                + OR_ANOTHER_SITE,
            "moonboot.lock has ghcr.io/jsenecal/frr-talos-extension:v1.0.2, no longer"
                + " in the configuration: moonboot build lock compute"
                + OR_ANOTHER_SITE),
        List.of(
                composition("other", COMPUTE.base()),
                composition("compute", new Base.Image(image("ghcr.io/siderolabs/imager:v1.14.0"))),
                composition(
                    "compute",
                    COMPUTE.base(),
                    COMPUTE.extensions().getFirst(),
                    COMPUTE.extensions().getLast(),
                    new Part.Official("siderolabs/zfs")),
                composition("compute", COMPUTE.base(), COMPUTE.extensions().getFirst()))
            .stream()
            .map(of ->
                locked(TEXT, of, of) instanceof RecipeSource.Locked.Missing(var why) ? why : "")
            .toList());
  }

  @Test
  void builds_of_one_name_and_two_sites_live_in_one_file() {
    Composition other = composition("compute", COMPUTE.base(), new Part.Image(image(FRR)));
    LockedBuild theirs =
        new LockedBuild(
            "v1.13.9",
            "",
            List.of(
                LockedInput.of(LockedInput.Role.BASE, input(IMAGER, IMAGER, 'e'), ""),
                LockedInput.of(
                    LockedInput.Role.INSTALLER_BASE,
                    input(INSTALLER_BASE, INSTALLER_BASE, 'd'),
                    ""),
                LockedInput.of(LockedInput.Role.EXTENSION, input(FRR, FRR, 'f'), "v1.0.2")));
    String text = file().with(LockFile.key("fra1", "compute"), theirs).text();
    assertEquals(text, LockFile.parse("moonboot.lock", text).text());
    assertEquals('a', base(locked("", text, COMPUTE, COMPUTE)));
    assertEquals('e', base(locked("fra1", text, other, other)));
    assertEquals(
        new RecipeSource.Locked.Missing(
            "moonboot.lock has no build ams1/compute: moonboot build lock compute"),
        locked("ams1", text, other, other));
  }

  private static char base(RecipeSource.Locked locked) {
    return ((RecipeSource.Locked.Fixed) locked).recipe().base().digest().hex().charAt(0);
  }

  @Test
  void only_named_inputs_move_when_asked_so() {
    LockedBuild before = requireNonNull(file().builds().get("compute"));
    LockedBuild now =
        new LockedBuild(
            "v1.13.9",
            "6.12.50-talos",
            List.of(
                LockedInput.of(LockedInput.Role.BASE, input(IMAGER, IMAGER, 'e'), ""),
                LockedInput.of(LockedInput.Role.EXTENSION, input(FRR, FRR, 'f'), "v1.0.3"),
                LockedInput.of(LockedInput.Role.EXTENSION, input(GVISOR, GVISOR_IMAGE, '0'), "2"),
                LockedInput.of(
                    LockedInput.Role.EXTENSION, input("siderolabs/zfs", GVISOR_IMAGE, '1'), "")));
    LockedBuild moved = now.onlyMoving(Set.of(FRR), before);
    assertEquals("6.12.48-talos", moved.kernelRelease());
    assertEquals(
        List.of("a", "f", "c", "1"),
        moved.inputs().stream()
            .map(input -> input.input().orElseThrow().digest().hex().substring(0, 1))
            .toList());
  }

  @Test
  void a_line_of_versions_is_locked_with_the_version_that_was_newest() {
    String line = "ghcr.io/siderolabs/imager:v1.13.*";
    Composition following =
        composition(
            "compute",
            new Base.Line(image(IMAGER).source(), new VersionLine(1, 13, false)),
            new Part.Official(GVISOR),
            new Part.Image(image(FRR)));
    Recipe recipe = recipe();
    Recipe newest =
        new Recipe(
            recipe.version(),
            input(line, IMAGER, 'a'),
            recipe.installerBase(),
            recipe.extensions(),
            recipe.replace(),
            recipe.platform(),
            recipe.arguments(),
            recipe.overlay(),
            recipe.arches(),
            recipe.outputs(),
            recipe.schematic());
    LockFile file =
        LockFile.EMPTY.with(
            "compute", LockedBuild.of(following, newest, false, "6.12.48-talos", _ -> ""));
    assertTrue(
        file.text()
            .contains(
                "      - {\"base\": \"%s\", \"image\": \"%s\", \"digest\": \"%s\"}\n"
                    .formatted(line, IMAGER, digest('a'))),
        file.text());
    assertEquals(file, LockFile.parse("moonboot.lock", file.text()));
    var locked = new LockedRecipes("moonboot.lock", "", () -> file, channels(following));
    assertEquals(
        new RecipeSource.Locked.Fixed(newest), locked.locked(following, List.of(Arch.AMD64)));
    var exact = new LockedRecipes("moonboot.lock", "", () -> file, channels(COMPUTE));
    assertEquals(
        new RecipeSource.Locked.Missing(
            "its base is %s, and in moonboot.lock it is %s: moonboot build lock compute"
                    .formatted(IMAGER, line)
                + OR_ANOTHER_SITE),
        exact.locked(COMPUTE, List.of(Arch.AMD64)));
  }
}
