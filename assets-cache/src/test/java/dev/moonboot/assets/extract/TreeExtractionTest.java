package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.TreeExtraction.Unpacked;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestLayers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Layers as one tree (image-spec, layer.md). */
class TreeExtractionTest extends TreeCase {
  @Test
  void keeps_modes_contents_and_links() {
    assertTree(
        """
        0755 /
        0755 a/
        4755 a/run=program
        0640 a/secret=words
        a/sh == a/run
        0755 b/
        b/absolute -> /a/run
        b/relative -> ../a/run
        1777 tmp/
        """,
        new TarFixture()
            .directory("tmp", 01777)
            .file("a/run", 04755, "program".getBytes(UTF_8))
            .file("a/secret", 0640, "words".getBytes(UTF_8))
            .hardLink("a/sh", "a/run")
            .symlink("b/relative", "../a/run")
            .symlink("b/absolute", "/a/run"));
  }

  @Test
  void names_and_targets_are_measured_in_bytes() {
    String fits = "\u00e4".repeat(127) + "x"; // 255 bytes
    assertTree("0755 /\n0644 " + fits + "=x\n", new TarFixture().file(fits, "x"));
    String name = "\u00e4".repeat(128);
    assertEquals(
        "the image's entry "
            + "\u00e4".repeat(117)
            + "... has too long a name: at most 4095 bytes, 255 in a part, and 256 parts",
        refusal(new TarFixture().file("\u00e4".repeat(128), "x")));
    String deep = (name.substring(1) + "/").repeat(17); // 4335 bytes
    assertTrue(refusal(new TarFixture().file(deep + "x", "x")).contains("too long a name"));
    String longest = "\u00e4".repeat(2047) + "x"; // 4095 bytes
    assertTree(
        "0755 /\nl -> " + longest + "\n",
        new TarFixture().pax("linkpath", longest).symlink("l", ""));
    assertEquals(
        "the image's entry l is a symbolic link whose target is empty, too long, or no text in"
            + " UTF-8",
        refusal(new TarFixture().pax("linkpath", "\u00e4".repeat(2048)).symlink("l", "")));
  }

  @Test
  void takes_the_roots_mode_where_an_entry_has_it() {
    assertTree("0700 /\n0644 f=x\n", new TarFixture().directory(".", 0700).file("./f", "x"));
  }

  @Test
  void the_last_of_two_entries_and_the_topmost_of_two_layers_count() {
    assertTree(
        "0755 /\n0644 f=third\n0644 g=first\n",
        new TarFixture().file("f", "first").file("f", "second").file("g", "first"),
        new TarFixture().file("f", "third"));
  }

  @Test
  void a_directory_leaves_what_is_below_and_a_file_does_not() {
    assertTree(
        """
        0755 /
        0700 d/
        0644 d/f=kept
        0644 e=file
        0755 g/
        """,
        new TarFixture()
            .directory("d", 0755)
            .file("d/f", "kept")
            .file("e/gone", "x")
            .symlink("g", "d"),
        new TarFixture().directory("d", 0700).file("e", "file").directory("g", 0755));
  }

  @Test
  void x_08_a_whiteout_hides_what_lower_layers_have_wherever_it_stands() {
    assertTree(
        """
        0755 /
        0755 d/
        0644 d/new=new
        0755 e/
        0644 e/before=kept
        0644 f=again
        """,
        new TarFixture().file("d/old", "old").file("e/gone", "x").file("f", "first").file("g", "x"),
        new TarFixture()
            .file("d/new", "new")
            .file("d/.wh..wh..opq", "")
            .file("e/before", "kept")
            .file(".wh.e", "")
            .file("f", "again")
            .file(".wh.f", "")
            .file(".wh.g", "")
            .file("missing/.wh.x", ""));
  }

  @Test
  void x_08_a_directory_hidden_but_for_what_its_layer_has_in_it_loses_its_mode() {
    assertTree(
        "0755 /\n0755 d/\n0644 d/new=x\n",
        new TarFixture().directory("d", 0700).file("d/old", "x"),
        new TarFixture().file("d/new", "x").file(".wh.d", ""));
    assertTree(
        "0755 /\n0711 d/\n",
        new TarFixture().directory("d", 0700).file("d/old", "x"),
        new TarFixture().directory("d", 0711).file(".wh.d", ""));
  }

  @Test
  void x_08_an_opaque_root_leaves_the_upper_layers_alone() {
    assertTree(
        "0755 /\n0755 d/\n0644 d/f=x\n",
        new TarFixture().file("a", "x").file("d/g", "x"),
        new TarFixture().file(".wh..wh..opq", "").file("d/f", "x"));
  }

  @Test
  void x_03_a_hard_link_keeps_what_its_target_was() {
    assertTree(
        """
        0755 /
        0644 a=second
        0644 b=first
        c == b
        0644 d=second
        """,
        new TarFixture().file("a", "first").hardLink("b", "a"),
        new TarFixture().hardLink("c", "a").file("a", "second"),
        new TarFixture().file(".wh.a", "").hardLink("c", "b"),
        new TarFixture().file("a", "second").file("d", "second"));
  }

  @Test
  void a_hard_link_to_a_symbolic_link_is_one_too() {
    assertTree("0755 /\na -> x\nb -> x\n", new TarFixture().symlink("a", "x").hardLink("b", "./a"));
  }

  @Test
  void devices_are_noted() {
    assertTree(
        "0755 /\nblock device b\ncharacter device c\nfifo p\n",
        new TarFixture()
            .entry("c", '3', "", new byte[0])
            .entry("b", '4', "", new byte[0])
            .entry("p", '6', "", new byte[0]));
  }

  @Test
  void tells_of_attributes_that_are_not_kept() {
    Unpacked unpacked =
        unpack(
            new TarFixture()
                .pax("SCHILY.xattr.security.selinux", "system_u:object_r:etc_t:s0")
                .file("a", "x")
                .pax("SCHILY.xattr.security.capability", "x")
                .file("b", "x")
                .pax("mtime", "1.5")
                .file("c", "x"));
    assertEquals(Set.of("security.selinux", "security.capability"), unpacked.lostAttributes());
  }

  @Test
  void all_layers_are_read_the_lowest_first_and_their_digests_checked() {
    TestLayers layers = layers(new TarFixture().file("a", "x"), new TarFixture().file("b", "x"));
    unpack(layers, Limits.DEFAULT);
    assertEquals(List.of(0, 1), layers.fetched());
    TestLayers lying =
        new TestLayers(temp)
            .add(
                "application/vnd.oci.image.layer.v1.tar",
                new TarFixture().file("a", "x").bytes(),
                Digest.of(new byte[0]));
    String why =
        String.valueOf(
            assertThrows(ExtractException.class, () -> unpack(lying, Limits.DEFAULT)).getMessage());
    assertTrue(why.contains("but the image's configuration says"), why);
  }

  @Test
  void an_image_without_layers_is_empty() {
    assertTree("0755 /\n");
  }

  @Test
  void everything_goes_into_one_file() throws IOException {
    Path spool = temp.resolve("one");
    TestLayers layers =
        TestLayers.of(
            ExtensionImages.ucode().platform(Arch.AMD64),
            Files.createDirectory(temp.resolve("in")));
    Unpacked unpacked = TreeExtraction.unpack(layers, spool, Progress.NONE);
    assertEquals(Files.size(spool), unpacked.bytes());
    try (Stream<Path> files = Files.list(temp)) {
      assertEquals(
          Set.of("one", "in"), Set.copyOf(files.map(f -> f.getFileName().toString()).toList()));
    }
    var file =
        Optional.ofNullable(unpacked.tree().file("rootfs/usr/lib/firmware/intel-ucode/06-9a-03"))
            .orElseThrow();
    try (InputStream in = file.content().open()) {
      assertEquals(1000, in.skip(1000));
      assertArrayEquals("J".repeat(24).getBytes(UTF_8), in.readAllBytes());
      assertEquals(-1, in.read());
    }
  }
}
