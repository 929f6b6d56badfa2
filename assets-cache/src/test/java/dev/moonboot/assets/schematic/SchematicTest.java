package dev.moonboot.assets.schematic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.moonboot.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchematicTest {
  /** Ids as the public Image Factory and its documentation give them. */
  static Stream<Arguments> known() {
    return Stream.of(
        arguments("{}", "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba"),
        arguments(
            """
            customization:
              extraKernelArgs: [noapic, nolapic]
            """,
            "9cba8e32753f91a16c1837ab8abf356af021706ef284aef07380780177d9a06c"),
        arguments(
            """
            customization:
              meta:
                - key: 10
                  value: foo
            """,
            "d308a2a5ee2277bed5fbaa104fcbc8d59122abfa737df987a95b4ca763459a7f"),
        arguments(
            """
            {"customization": {"systemExtensions":
              {"officialExtensions": ["siderolabs/qemu-guest-agent"]}}}
            """,
            "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515"),
        arguments(
            """
            customization:
              systemExtensions:
                officialExtensions:
                  - siderolabs/iscsi-tools
                  - siderolabs/util-linux-tools
            """,
            "613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245"),
        arguments(
            """
            customization:
              extraKernelArgs:
              - vga=791
            """,
            "eea1f9534c46d95c4715a2f13d17eacb927c13a42ef087c79b22c3bd0c49d073"),
        arguments(
            """
            customization: {}
            overlay:
              name: rpi_generic
              image: siderolabs/sbc-raspberrypi
            """,
            "ee21ef4a5ef808a9b7484cc0dda0f25075021691c8c09a276591eedb638ea1f9"),
        arguments(
            """
            customization:
              secureboot:
                includeWellKnownCertificates: true
            """,
            "fa8e05f142a851d3ee568eb0a8e5841eaf6b0ebc8df9a63df16ac5ed2c04f3e6"),
        arguments(
            """
            customization:
              diskImage:
                sectorSize: 4096
            """,
            "92833e9ddd9bb9e11b2464fa5525429f01866306d52ebd882ee08d7918f6d1ea"));
  }

  @ParameterizedTest
  @MethodSource("known")
  void gives_the_ids_that_are_known(String text, String id) {
    assertEquals(id, Schematic.parse(text).id());
  }

  @Test
  void writes_every_field_in_the_order_of_the_factory() {
    String text =
        """
        customization:
          diskImage: {sectorSize: 4096}
          secureboot: {includeWellKnownCertificates: true, enrollKeys: if-safe}
          bootloader: sd-boot
          systemExtensions:
            customExtensions: ["ghcr.io/acme/frr:v1"]
            officialExtensions: [siderolabs/gvisor]
          meta: [{value: "a: b", key: 10}]
          extraKernelArgs: ["", "a: b", "1", "-selinux"]
          embeddedMachineConfiguration: |
            machine:
              type: worker
        overlay:
          options: {b10: 1, b9: [x, {z: true}], a: {}, c: []}
          name: m
        """;
    assertEquals(
        """
        overlay:
            image: ""
            name: m
            options:
                a: {}
                b9:
                    - x
                    - z: true
                b10: 1
                c: []
        customization:
            embeddedMachineConfiguration: |
                machine:
                  type: worker
            extraKernelArgs:
                - ""
                - 'a: b'
                - "1"
                - -selinux
            meta:
                - key: 10
                  value: 'a: b'
            systemExtensions:
                officialExtensions:
                    - siderolabs/gvisor
                customExtensions:
                    - ghcr.io/acme/frr:v1
            bootloader: sd-boot
            secureboot:
                enrollKeys: if-safe
                includeWellKnownCertificates: true
            diskImage:
                sectorSize: 4096
        """,
        Schematic.parse(text).canonical());
  }

  @Test
  void extensions_of_ones_own_change_the_id_and_none_does_not() {
    String official = "customization: {systemExtensions: {officialExtensions: [a/b]%s}}";
    String without = Schematic.parse(official.formatted("")).id();
    assertEquals(without, Schematic.parse(official.formatted(", customExtensions: []")).id());
    assertNotEquals(without, Schematic.parse(official.formatted(", customExtensions: [a/b]")).id());
  }

  @Test
  void the_key_of_a_value_may_be_hexadecimal() {
    String text = "customization: {meta: [{key: %s, value: foo}]}";
    assertEquals(
        Schematic.parse(text.formatted("10")).id(), Schematic.parse(text.formatted("0xa")).id());
  }

  @Test
  void the_order_of_extensions_counts() {
    assertNotEquals(
        Schematic.parse("customization: {extraKernelArgs: [a, b]}").id(),
        Schematic.parse("customization: {extraKernelArgs: [b, a]}").id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "customization:",
        "customization: ~",
        "overlay:\ncustomization:\n  meta:\n  systemExtensions: null\n  bootloader: none\n",
        "overlay: {image: \"\", name: \"\"}",
        "{\n\t\"customization\": {}\n}"
      })
  void what_says_nothing_is_plain_talos(String text) {
    assertEquals(Schematic.EMPTY, Schematic.parse(text));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments(
            "customisation: {}",
            "customisation (line 1): no such field in the schematic, which has customization,"
                + " overlay, owner"),
        arguments(
            "customization:\n  extensions: []\n",
            "customization.extensions (line 2): no such field in customization, which has bootloader,"
                + " diskImage, embeddedMachineConfiguration, extraKernelArgs, meta, secureboot,"
                + " systemExtensions"),
        arguments("", "empty; the schematic of plain Talos is \"customization: {}\""),
        arguments("a", "a mapping was expected: \"customization: …\""),
        arguments("owner: me", "owner: only the factory's Enterprise edition has it; leave it out"),
        arguments(
            "customization: {extraKernelArgs: a}",
            "customization.extraKernelArgs (line 1): a list was expected"),
        arguments(
            "customization: {extraKernelArgs: [~]}",
            "unquoted text with punctuation between brackets; quote it in line 1"),
        arguments(
            "customization:\n  extraKernelArgs:\n  - ~\n",
            "customization.extraKernelArgs[0] (line 3): nothing is there; leave it out, or write"
                + " \"\""),
        arguments(
            "customization:\n  extraKernelArgs:\n  - 2001-01-01\n",
            "customization.extraKernelArgs[0] (line 3): whether \"2001-01-01\" is text depends on"
                + " the factory's age; ask the factory for its id, or quote it"),
        arguments(
            "customization: {extraKernelArgs: [\"2001-01-01 10:00:00\"]}",
            "customization.extraKernelArgs[0] (line 1): whether \"2001-01-01 10:00:00\" is text"
                + " depends on the factory's age; ask the factory for its id"),
        arguments(
            "customization: {extraKernelArgs: [\"yes\"]}",
            "customization.extraKernelArgs[0] (line 1): \"yes\" is quoted differently by factories of"
                + " different age; ask the factory for its id"),
        arguments(
            "customization:\n  meta:\n  - {key: 10, value: \"12:30:45\"}\n",
            "customization.meta[0].value (line 3): \"12:30:45\" is quoted differently by factories of"
                + " different age; ask the factory for its id"),
        arguments(
            "customization: {secureboot: {enrollKeys: off}}",
            "customization.secureboot.enrollKeys (line 1): \"off\" is quoted differently by factories"
                + " of different age; ask the factory for its id"),
        arguments(
            "customization: {extraKernelArgs: [\"\\U0001F600\"]}",
            "customization.extraKernelArgs[0] (line 1): the character U+D83D is written differently"
                + " by different factories; ask the factory for its id"),
        arguments(
            "customization: {meta: [{key: 256}]}",
            "customization.meta[0].key: 0 to 255 was expected"),
        arguments(
            "customization: {meta: [{key: 010}]}",
            "customization.meta[0].key (line 1): a number in decimal digits, or in hexadecimal ones"
                + " after 0x, was expected"),
        arguments(
            "customization: {secureboot: {includeWellKnownCertificates: yes}}",
            "customization.secureboot.includeWellKnownCertificates (line 1): true or false was"
                + " expected"),
        arguments(
            "customization: {bootloader: auto}",
            "customization.bootloader: none, dual-boot, sd-boot, grub are known, not \"auto\""),
        arguments(
            "overlay: {image: a, name: b, options: {k: 1.5}}",
            "overlay.options.k (line 1): \"1.5\" is read differently by different readers; quote it"
                + " if it is text"),
        arguments(
            "overlay: {options: {yes: 1}}",
            "overlay.options: the key \"yes\" is written differently by different readers"),
        arguments("a: &x 1", "an anchor or alias in line 1"),
        arguments("a: !!str 1", "a tag (tag:yaml.org,2002:str) in line 1"),
        arguments("%YAML 1.2\n---\na: 1", "a directive (%YAML) in line 1"),
        arguments("a: 1\n---\nb: 1", "a second document in line 2"),
        arguments("a: >\n  b\n", "folded text (>); write it as a literal block (|) in line 1"),
        arguments(
            "a: b\n  c\n",
            "text that goes on in the next line; write it as a literal block (|) in line 1"),
        arguments("a: 1\na: 2", "the key \"a\" a second time in line 2"),
        arguments(
            "a:\n\t- b", "the character U+0009 in line 2, which not all YAML readers take alike"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void what_cannot_be_read_with_certainty_is_refused(String text, String why) {
    assertEquals(
        why, assertThrows(SchematicException.class, () -> Schematic.parse(text)).getMessage());
  }

  @Test
  void a_huge_or_deep_text_is_refused() {
    String long1 = "customization: {extraKernelArgs: [" + "a,".repeat(40_000) + "]}";
    assertThrows(SchematicException.class, () -> Schematic.parse(long1));
    String deep = "[".repeat(30_000);
    assertThrows(SchematicException.class, () -> Schematic.parse(deep));
    String inOptions = "overlay: {options: {a: " + "[".repeat(60) + "]".repeat(60) + "}}";
    assertThrows(SchematicException.class, () -> Schematic.parse(inOptions));
  }

  /** Whatever is accepted is written in a way that reads as the same again. */
  @Test
  void what_is_written_reads_as_the_same() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < 4000; i++) {
      String value = value(random);
      String text =
          new Json.Obj(
                  Map.of(
                      "customization",
                      new Json.Obj(
                          Map.of(
                              "extraKernelArgs", new Json.Arr(List.of(new Json.Str(value))),
                              "embeddedMachineConfiguration", new Json.Str(value)))))
              .compact();
      Schematic schematic;
      try {
        schematic = Schematic.parse(text);
      } catch (SchematicException e) {
        continue;
      }
      accepted++;
      assertEquals(List.of(value), schematic.arguments(), "seed " + seed);
      assertEquals(schematic, Schematic.parse(schematic.canonical()), "seed " + seed);
    }
    assertTrue(accepted > 1000, "only " + accepted + " of seed " + seed);
  }

  private static String value(Random random) {
    String[] parts = {
      "a", "b=c", " ", ":", "#", "-", "'", "\"", "\\", "\n", "\t", "0", "1", "_", ".", "e", "x",
      "yes", "null", "true", "é", "日", "{", "]", ",", "&", "*", "!", "|", ">", "%", "@", "`", "?",
      "<<", "\u0007", "\u2028", "2001-", "~"
    };
    StringBuilder value = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      value.append(parts[random.nextInt(parts.length)]);
    }
    return value.toString();
  }
}
