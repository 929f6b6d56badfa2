package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Following;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.config.ConfigException;
import dev.moonboot.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompositionConfigTest {
  @TempDir Path folder;

  private Configuration<ApplianceConfig> load(String yaml, Map<String, String> variables)
      throws IOException {
    Path file = Files.writeString(folder.resolve("moonboot.yaml"), yaml);
    return Configuration.load(file, variables, ApplianceConfig::read);
  }

  private Channel channel(String name, String yaml) throws IOException {
    return load(yaml, Map.of()).value().channels().channels().stream()
        .filter(channel -> channel.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Composition composition(String name, String yaml) throws IOException {
    return composition(channel(name, yaml));
  }

  private static Composition composition(Channel channel) {
    return switch (channel.image().source()) {
      case SourceImage.Composed(var of) -> of;
      case SourceImage other -> throw new AssertionError(other.display());
    };
  }

  private List<String> problems(String yaml) {
    var failed = assertThrows(ConfigException.class, () -> load(yaml, Map.of()));
    return failed.problems().stream().map(p -> p.replace(folder + "/moonboot.yaml", "F")).toList();
  }

  private static ImageReference image(String text) {
    return AssetCache.parse(text);
  }

  @Test
  void a_build_says_all_it_is_made_of() throws IOException {
    Channel channel =
        channel(
            "compute",
            """
            channels:
              compute:
                arch: amd64
                build:
                  base: ghcr.io/siderolabs/imager:v1.13.9
                  extensions: [siderolabs/gvisor, "ghcr.io/jsenecal/frr-talos-extension:v1.0.2", "oci:/srv/ext:frr"]
                  arguments: ["console=ttyS0,115200", -selinux]
                  platform: nocloud
                  overlay: rpi_generic
                  outputs: [initramfs, uki, installer]
                  catalogs: ["registry.example.org/extensions:v1.13.9"]
                  installer-base: ghcr.io/siderolabs/installer-base:v1.13.9
                  existing: replace
                  strict: true
                  follow: lock
            """);
    assertEquals(
        new Composition(
            "compute",
            new Base.Image(image("ghcr.io/siderolabs/imager:v1.13.9")),
            List.of(
                new Part.Official("siderolabs/gvisor"),
                new Part.Image(image("ghcr.io/jsenecal/frr-talos-extension:v1.0.2")),
                new Part.Image(image("oci:/srv/ext:frr"))),
            true,
            "nocloud",
            List.of("console=ttyS0,115200", "-selinux"),
            new Composition.Overlay("rpi_generic"),
            List.of(image("registry.example.org/extensions:v1.13.9")),
            image("ghcr.io/siderolabs/installer-base:v1.13.9"),
            Set.of(Output.INITRAMFS, Output.UKI, Output.INSTALLER),
            true,
            Following.LOCK,
            null),
        composition(channel));
    assertEquals(List.of(Arch.AMD64), channel.arches());
    assertEquals("build:compute", channel.image().toString());
  }

  @Test
  void a_build_of_a_version_alone_is_of_its_imager_and_follows_its_inputs() throws IOException {
    assertEquals(
        Composition.of("a", new Base.Image(image("ghcr.io/siderolabs/imager:v1.13.9"))).build(),
        composition("a", "channels: {a: {build: {base: v1.13.9}}}"));
  }

  @ParameterizedTest
  @CsvSource({
    "v1.13, ghcr.io/siderolabs/imager:v1.13.*",
    "v1.13.x, ghcr.io/siderolabs/imager:v1.13.*",
    "v1.13.*, ghcr.io/siderolabs/imager:v1.13.*",
    "v1.14-pre, ghcr.io/siderolabs/imager:v1.14.*-pre",
    "v1.14.*-pre, ghcr.io/siderolabs/imager:v1.14.*-pre",
    "registry.example:5000/siderolabs/imager:v1.13.*, registry.example:5000/siderolabs/imager:v1.13.*",
    "'oci:/srv/talos:v1.13.*', 'oci:/srv/talos:v1.13.*'"
  })
  void a_base_can_be_the_newest_of_a_line_of_versions(String written, String line)
      throws IOException {
    Base base = composition("a", "channels: {a: {build: {base: '%s'}}}".formatted(written)).base();
    assertInstanceOf(Base.Line.class, base);
    assertEquals(line, base.name());
  }

  @Test
  void a_tag_stays_a_tag() throws IOException {
    for (String tag : List.of("v1.13", "v1.13.x", "v1.13.9")) {
      String written = "ghcr.io/acme/imager:" + tag;
      assertEquals(
          new Base.Image(image(written)),
          composition("a", "channels: {a: {build: {base: '%s'}}}".formatted(written)).base());
    }
  }

  @Test
  void what_is_no_line_of_versions_is_told() {
    String digest = "sha256:" + "0".repeat(64);
    assertEquals(
        List.of(
            "a line of versions is v1.13.*, and v1.14.*-pre with its pre-releases",
            "a digest is one image: leave it out, or write the version's own tag before it",
            "it does not say which registry; write ghcr.io/acme/imager, or docker.io/acme/imager"),
        Stream.of(
                "ghcr.io/acme/imager:v1.*",
                "ghcr.io/acme/imager:v1.13.*@" + digest,
                "acme/imager:v1.13.*")
            .map(
                base -> problems("channels: {a: {build: {base: '%s'}}}".formatted(base)).getFirst())
            .map(problem ->
                problem.substring(problem.indexOf("channel:NAME (") + 14, problem.length() - 1))
            .toList());
  }

  @Test
  void role_images_differ_by_what_they_add_and_leave_out() throws IOException {
    String yaml =
        """
        channels:
          worker: {build: {like: gateway, without: [siderolabs/gvisor], strict: true}}
          gateway: {build: {like: compute, add: ["ghcr.io/acme/frr:v1"]}}
          compute:
            arch: amd64
            build: {base: v1.13.9, extensions: [siderolabs/gvisor, siderolabs/zfs], arguments: [quiet]}
        """;
    assertEquals(
        List.of(
            new Part.Official("siderolabs/gvisor"),
            new Part.Official("siderolabs/zfs"),
            new Part.Image(image("ghcr.io/acme/frr:v1"))),
        composition("gateway", yaml).extensions());
    Composition worker = composition("worker", yaml);
    assertEquals(
        List.of(new Part.Official("siderolabs/zfs"), new Part.Image(image("ghcr.io/acme/frr:v1"))),
        worker.extensions());
    assertEquals(List.of("quiet"), worker.arguments());
    assertTrue(worker.strict());
    assertEquals("worker", worker.name());
    assertEquals(List.of(Arch.AMD64), channel("worker", yaml).arches());
  }

  @Test
  void what_is_in_force_says_what_a_role_image_consists_of() throws IOException {
    var read =
        load(
            """
            channels:
              gateway: {build: {like: compute, add: ["ghcr.io/acme/frr:v1"]}}
              compute: {build: {base: v1.13.9, extensions: [siderolabs/gvisor]}}
            """,
            Map.of());
    assertEquals(
        List.of(
            "channels.gateway.build.extensions=[siderolabs/gvisor, ghcr.io/acme/frr:v1] (default)"),
        read.settings().stream()
            .map(Object::toString)
            .filter(line -> line.startsWith("channels.gateway.build.extensions"))
            .toList());
  }

  @Test
  void builds_like_each_other_are_an_error() {
    assertEquals(
        List.of(
            "F:2:15: channels.a.build.like: a is like b is like c is like a: one of them needs a"
                + " base of its own"),
        problems(
            """
            channels:
              a: {build: {like: b}}
              b: {build: {like: c}}
              c: {build: {like: a}}
            """));
  }

  @Test
  void a_build_like_itself_is_an_error() {
    assertEquals(
        List.of("F:1:24: channels.a.build.like: a is like a: one of them needs a base of its own"),
        problems("channels: {a: {build: {like: a}}}"));
  }

  @Test
  void a_build_like_something_that_is_none_is_an_error() {
    assertEquals(
        List.of(
            "F:2:15: channels.a.build.like: there is no channel comptue; did you mean compute?;"
                + " there are a, b, compute",
            "F:3:15: channels.b.build.like: channel compute has no build to be like"),
        problems(
            """
            channels:
              a: {build: {like: comptue}}
              b: {build: {like: compute}}
              compute: {image: 'x.example/t:1'}
            """));
  }

  @Test
  void a_base_is_another_channel_or_its_own_trouble() {
    assertEquals(
        List.of(
            "F:6:37: channels.loaders.content: a build or a factory makes what nodes boot; leave it"
                + " out",
            "F:3:15: channels.b.build.base: there is no channel c; did you mean a?; there are a, b,"
                + " d, e, loaders",
            "F:4:15: channels.d.build.base: d is made of e is made of d: one of them needs an image"
                + " as its base"),
        problems(
            """
            channels:
              a: {image: 'x.example/t:1'}
              b: {build: {base: 'channel:c'}}
              d: {build: {base: 'channel:e'}}
              e: {build: {base: 'channel:d'}}
              loaders: {build: {base: v1.13.9}, content: loaders}
            """));
  }

  @Test
  void what_an_image_factory_makes_is_no_base() {
    assertEquals(
        List.of(
            "F:2:15: channels.a.build.base: channel vanilla follows an Image Factory, whose files"
                + " have no image to build on: name the imager image of that version"),
        problems(
            """
            channels:
              a: {build: {base: 'channel:vanilla'}}
              vanilla: {factory: {version: v1.13.9, schematic: %s}}
            """
                .formatted("0".repeat(64))));
  }

  @Test
  void an_extension_that_yaml_takes_for_a_key_is_not_left_out_in_silence() {
    String kind =
        "each item is one value (an extension of Talos's own such as siderolabs/gvisor, or an image"
            + " such as ghcr.io/acme/frr:v1), and item ";
    assertEquals(
        List.of(
            "F:9:10: an item of channels.a.build.extensions is empty",
            "F:5:7: channels.a.build.extensions: "
                + kind
                + "2 is a key with a value (\"ghcr.io/acme/frr\"): a colon with a blank behind it"
                + " makes a key of what is before it",
            "F:5:7: channels.a.build.extensions: " + kind + "3 is a list of its own"),
        problems(
            """
            channels:
              a:
                build:
                  base: v1.13.9
                  extensions:
                    - siderolabs/gvisor
                    - ghcr.io/acme/frr: v1
                    - [siderolabs/zfs]
                    -
            """));
  }

  @Test
  void a_channel_that_says_nothing_is_told() {
    assertEquals(
        List.of(
            "F:2:3: channels.a.image: must be set, or build or factory: what the channel follows",
            "F:4:3: channels.c.image: must be set, or build or factory: what the channel follows",
            "F:5:3: channels.d.image: must be set, or build or factory: what the channel follows",
            "F:3:7: channels.b.build.base: must be set: what kernel and initramfs come from (or"
                + " like: a channel)",
            "F:4:7: unknown key channels.c.biuld; did you mean channels.c.build?"),
        problems(
            """
            channels:
              a:
              b: {build: {}}
              c: {biuld: {base: v1.13.9}}
              d: {arch: []}
            """));
    assertEquals(
        List.of("F:1:1: channels: expects keys with values, each below a name of yours"),
        problems("channels: []"));
  }

  @Test
  void a_version_without_its_v_is_told() {
    assertTrue(
        problems("channels: {a: {build: {base: 1.13.9}}}")
            .getFirst()
            .endsWith("(a version begins with v, as in v1.13.9 and v1.13)"));
  }

  @Test
  void a_tag_of_the_factorys_repositories_is_told_and_not_dropped() {
    assertEquals(
        List.of(
            "F:1:11: factory.base: \"ghcr.io/siderolabs/imager:v1\" is not a repository such as"
                + " ghcr.io/siderolabs/imager (a repository in a registry, without tag and digest)"),
        problems("factory: {base: 'ghcr.io/siderolabs/imager:v1'}"));
  }

  @Test
  void a_build_of_a_channel_has_its_architectures() throws IOException {
    String yaml =
        """
        channels:
          a: {build: {base: 'channel:talos'}}
          talos: {image: 'x.example/t:1', arch: [arm64]}
        """;
    assertEquals(List.of(Arch.ARM64), channel("a", yaml).arches());
    assertEquals(new Base.OfChannel("talos"), composition("a", yaml).base());
    assertEquals(
        List.of("F:2:7: channels.a.arch: channel talos, the base, has only arm64"),
        problems(yaml.replace("a: {", "a: {arch: amd64, ")));
  }

  @Test
  void a_channel_follows_one_thing() {
    assertEquals(
        List.of(
            "F:1:12: channels.a.image: must be set, or build or factory: what the channel follows",
            "F:1:38: channels.b.build: a channel follows one thing: keep one of image and build"),
        problems(
                "channels: {a: {arch: amd64}, b: {image: 'x.example/t:1', build: {base: v1.13.9}}}")
            .stream()
            .map(p -> p.replaceFirst("F:1:5\\d", "F:1:38"))
            .toList());
  }

  @Test
  void a_name_that_could_be_two_things_is_told_with_both() {
    assertEquals(
        List.of(
            "F:4:7: channels.a.build.extensions: \"gvisor\" is not an extension of Talos's own such"
                + " as siderolabs/gvisor, or an image such as ghcr.io/acme/frr:v1 (an extension of"
                + " Talos's own is called siderolabs/gvisor, an image has its registry:"
                + " ghcr.io/acme/gvisor)",
            "F:4:7: channels.a.build.extensions: \"siderolabs/gvisor:v1\" is not an extension of"
                + " Talos's own such as siderolabs/gvisor, or an image such as ghcr.io/acme/frr:v1"
                + " (with a tag or digest it is an image, and that needs its registry:"
                + " ghcr.io/siderolabs/gvisor:v1; for the one that belongs to the base's version"
                + " write siderolabs/gvisor)",
            "F:4:7: channels.a.build.extensions: \"acme/team/frr:v1\" is not an extension of"
                + " Talos's own such as siderolabs/gvisor, or an image such as ghcr.io/acme/frr:v1"
                + " (an image needs its registry: ghcr.io/acme/team/frr:v1)"),
        problems(
            """
            channels:
              a:
                build:
                  extensions: [gvisor, "siderolabs/gvisor:v1", "acme/team/frr:v1"]
                  base: v1.13.9
            """));
  }

  @Test
  void every_problem_of_a_build_is_told_at_once() {
    assertEquals(
        List.of(
            "F:4:7: channels.a.build.base: \"siderolabs/imager:v1.13.9\" is not an image such as"
                + " ghcr.io/siderolabs/imager:v1.13.9, or ghcr.io/siderolabs/imager:v1.13.* for the newest"
                + " of them (v1.13.9 and v1.13 alone are of that image), or channel:NAME (it does not say which registry; write"
                + " ghcr.io/siderolabs/imager:v1.13.9, or docker.io/siderolabs/imager:v1.13.9)",
            "F:6:7: channels.a.build.platform: \"metall\" is not a platform of Talos such as metal or"
                + " nocloud (unknown; did you mean metal?)",
            "F:7:7: channels.a.build.outputs: has nothing that nodes boot; add one of initramfs,"
                + " parts, uki",
            "F:5:7: unknown key channels.a.build.extentions; did you mean"
                + " channels.a.build.extensions?"),
        problems(
            """
            channels:
              a:
                build:
                  base: siderolabs/imager:v1.13.9
                  extentions: [siderolabs/gvisor]
                  platform: metall
                  outputs: [installer]
            """));
  }

  @Test
  void a_comma_in_an_argument_is_told_where_yaml_ends_an_item_there() {
    assertEquals(
        List.of(
            "F:1:44: channels.a.build.arguments: \"115200n8\" is not a kernel argument such as"
                + " console=ttyS0 (a comma within [ ] ends an item; put the argument in quotes:"
                + " [\"console=ttyS0,115200n8\"], or each on a line of its own)"),
        problems(
                "channels: {a: {build: {base: v1.13.9,      arguments: [console=ttyS0,115200n8]}}}")
            .stream()
            .map(p -> p.replaceFirst("F:1:\\d+", "F:1:44"))
            .toList());
  }

  @Test
  void add_and_without_are_for_builds_like_another() {
    assertEquals(
        List.of(
            "F:2:7: channels.a.build.add: is for builds with like; write it in extensions",
            "F:3:7: channels.b.build.extensions: with like, write add and without",
            "F:4:7: channels.c.build.without: siderolabs/zsf is none of them; did you mean"
                + " siderolabs/zfs?; it has siderolabs/zfs",
            "F:4:7: channels.c.build.add: siderolabs/zfs is in it already; leave it out",
            "F:5:7: channels.d.build.extensions: lists siderolabs/zfs twice"),
        problems(
                """
                channels:
                  a: {build: {base: v1.13.9, add: [siderolabs/gvisor]}}
                  b: {build: {like: e, extensions: [siderolabs/gvisor]}}
                  c: {build: {like: e, add: [siderolabs/zfs], without: [siderolabs/zsf]}}
                  d: {build: {base: v1.13.9, extensions: [siderolabs/zfs, siderolabs/zfs]}}
                  e: {build: {base: v1.13.9, extensions: [siderolabs/zfs]}}
                """)
            .stream()
            .map(p -> p.replaceFirst("F:(\\d):\\d+", "F:$1:7"))
            .toList());
  }

  @Test
  void variables_win_over_the_file() throws IOException {
    var read =
        load(
            "channels: {a: {build: {base: v1.13.8, extensions: [siderolabs/zfs]}}}",
            Map.of(
                "MOONBOOT_CHANNELS_A_BUILD_BASE",
                "v1.13.9",
                "MOONBOOT_CHANNELS_A_BUILD_EXTENSIONS",
                "siderolabs/gvisor,ghcr.io/acme/frr:v1",
                "MOONBOOT_BUILD_LOCK",
                "/srv/moonboot.lock"));
    Composition composition = composition(read.value().channels().channels().getFirst());
    assertEquals(new Base.Image(image("ghcr.io/siderolabs/imager:v1.13.9")), composition.base());
    assertEquals(
        List.of(
            new Part.Official("siderolabs/gvisor"), new Part.Image(image("ghcr.io/acme/frr:v1"))),
        composition.extensions());
    assertEquals(Path.of("/srv/moonboot.lock"), read.value().build().lock());
  }

  @Test
  void the_lock_file_stands_beside_the_configuration() throws IOException {
    BuildConfig build = load("", Map.of()).value().build();
    assertEquals(folder.resolve("moonboot.lock"), build.lock());
    assertNull(build.signingKey());
    assertTrue(build.threads() >= 1);
    assertEquals(
        new BuildConfig(folder.resolve("l"), "fra1", folder.resolve("k.pem"), 2),
        load("build: {lock: l, site: fra1, signing-key: k.pem, threads: 2}", Map.of())
            .value()
            .build());
  }

  @Test
  void a_factory_is_asked_for_a_schematic_of_a_version() throws IOException {
    String id = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";
    Channel channel =
        channel("a", "channels: {a: {factory: {schematic: %s, version: v1.13.9}}}".formatted(id));
    assertEquals(
        new ImageReference(
            new SourceImage.Factory("https://factory.talos.dev", id), "v1.13.9", null),
        channel.image());

    String text = "customization:\n  extraKernelArgs: [quiet]\n";
    Files.writeString(folder.resolve("s.yaml"), text);
    assertEquals(
        new SourceImage.Factory("http://10.0.0.2:8080", text),
        channel(
                "a",
                """
                channels:
                  a:
                    factory: {url: 'http://10.0.0.2:8080/', schematic-file: s.yaml, version: v1.13.9}
                """)
            .image()
            .source());
    assertEquals(
        new SourceImage.Factory("https://factory.talos.dev", text),
        channel(
                "a",
                """
                channels:
                  a:
                    factory:
                      version: v1.13.9
                      schematic: |
                        customization:
                          extraKernelArgs: [quiet]
                """)
            .image()
            .source());
  }

  @Test
  void a_factory_is_asked_for_the_newest_of_a_line_and_for_more_than_to_boot() throws IOException {
    String id = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";
    ImageReference expected =
        new ImageReference(
            new SourceImage.Factory(
                "https://factory.talos.dev",
                id,
                new SourceImage.Factory.Files("nocloud", true, true)),
            "v1.13.*",
            null);
    for (String version : List.of("v1.13", "v1.13.x", "1.13.*")) {
      assertEquals(
          expected,
          channel(
                  "a",
                  """
                  channels:
                    a:
                      factory: {schematic: %s, version: '%s', platform: nocloud, outputs: [uki, iso]}
                  """
                      .formatted(id, version))
              .image());
    }
  }

  @Test
  void what_a_factory_cannot_be_asked_for_is_told() {
    assertEquals(
        List.of(
            "channels.a.factory.schematic: must be set, or schematic-file: which extensions and"
                + " arguments",
            "channels.a.factory.version: must be set: the Talos version that is asked for",
            "channels.b.factory.schematic: \"frr.yaml\" is not the id of a schematic (64 hexadecimal"
                + " digits) or its text (no id, and no keys with values either; the text of a"
                + " schematic begins with customization: or overlay:, and a file is named by"
                + " schematic-file)",
            "channels.c.factory.schematic-file: " + folder + "/none.yaml is not there"),
        problems(
                """
                channels:
                  a: {factory: {url: 'http://10.0.0.2:8080/'}}
                  b: {factory: {schematic: frr.yaml, version: v1.13.9}}
                  c: {factory: {schematic-file: none.yaml, version: v1.13.9}}
                """)
            .stream()
            .map(p -> p.replaceFirst("^F:\\d+:\\d+: ", ""))
            .sorted()
            .toList());
  }

  @Test
  void two_channels_cannot_push_under_the_same_tags() {
    assertEquals(
        List.of(
            "F:9:5: channels.gateway.push: channel compute puts its images into ghcr.io/acme/installer,"
                + " too, and both would be tagged with the Talos version alone: give each a"
                + " repository of its own"),
        problems(
            """
            channels:
              compute:
                build:
                  base: ghcr.io/siderolabs/imager:v1.13.9
                  outputs: [initramfs, installer]
                push: ghcr.io/acme/installer
              gateway:
                build: {like: compute, add: ["ghcr.io/acme/frr:v1"]}
                push: ghcr.io/acme/installer
            """));
  }
}
