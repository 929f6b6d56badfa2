package dev.moonboot.boot;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.json.JsonText;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Selection;
import dev.moonboot.release.Releases;
import dev.moonboot.release.SampleReleases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every folder of {@code profiles/} is a whole data directory that works as it is. */
class ShippedProfilesTest {
  private static final Path SHIPPED = Path.of("..", "profiles");

  @TempDir Path temp;

  static List<Path> folders() throws IOException {
    try (Stream<Path> entries = Files.list(SHIPPED)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  private Releases releases() {
    Releases releases = new Releases(List.of(SampleReleases.channel("custom")), "custom");
    releases.advance("custom", List.of(new SampleReleases(temp).release("demo", AMD64, ARM64)));
    return releases;
  }

  @ParameterizedTest
  @MethodSource("folders")
  void every_group_boots_a_profile(Path folder) {
    Catalog catalog = new CatalogReader(folder).read();
    assertEquals(List.of(), catalog.problems());
    assertFalse(catalog.groups().isEmpty());
    BootPlanner planner = new BootPlanner(() -> catalog, releases(), List.of());
    for (Group group : catalog.groups()) {
      String query =
          group.selector().entrySet().stream()
              .map(label -> label.getKey() + "=" + label.getValue())
              .collect(joining("&"));
      NodeLabels labels = NodeLabels.of(query);
      Selection.Match match =
          assertInstanceOf(Selection.Match.class, catalog.select(labels), group.file());
      assertEquals(group, match.group());
      BootPlan plan = assertInstanceOf(BootAnswer.Plan.class, planner.plan(labels)).plan();
      assertTrue(plan.kernel().contains("/sha256-"), plan.kernel());
      assertTrue(plan.initrd().getFirst().contains("/sha256-"), plan.initrd().toString());
      assertFalse(String.join(" ", plan.args()).contains("wipe"), plan.args().toString());
      assertTrue(plan.args().contains("talos.platform=metal"), plan.args().toString());
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void the_readme_and_its_json_are_there(Path folder) throws IOException {
    String readme = Files.readString(folder.resolve("README.md"));
    Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
        .matcher(readme)
        .results()
        .forEach(json -> JsonText.parse(json.group(1)));
  }

  @ParameterizedTest
  @CsvSource({"arm64, arm64", "x86_64, amd64", "i386, amd64"})
  void minimal_boots_what_ipxe_says_it_is(String buildarch, String arch) {
    Catalog catalog = new CatalogReader(SHIPPED.resolve("minimal")).read();
    Releases releases = releases();
    BootPlanner planner = new BootPlanner(() -> catalog, releases, List.of());
    String query = "uuid=u&mac=52-54-00-a1-9c-ae&domain=&hostname=&serial=&arch=" + buildarch;
    BootPlan plan =
        assertInstanceOf(BootAnswer.Plan.class, planner.plan(NodeLabels.of(query))).plan();
    String release = releases.head("custom").orElseThrow().digest().fileName();
    assertEquals(
        """
        #!ipxe
        kernel --name vmlinuz /assets/talos/custom/RELEASE/vmlinuz-ARCH initrd=initramfs.xz \
        talos.platform=metal seed=demo arch=ARCH
        initrd --name initramfs.xz /assets/talos/custom/RELEASE/initramfs-ARCH.xz
        boot
        """
            .replace("RELEASE", release)
            .replace("ARCH", arch),
        IpxeScript.render(plan));
  }

  @Test
  void minimal_is_there() throws IOException {
    assertTrue(folders().contains(SHIPPED.resolve("minimal")));
  }
}
