package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestLayers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images whose trees want to lead elsewhere, or are more than anybody needs. */
class HostileTreeTest extends TreeCase {
  @ParameterizedTest
  @ValueSource(strings = {"../f", "a/../../f", "usr/install/arm64/../amd64/f", "..", "a/.."})
  void x_01_a_name_that_leads_up_is_refused(String name) {
    assertTrue(
        refusal(new TarFixture().entry(name, '0', "", new byte[0]))
            .contains("leads out of its directory"));
  }

  @Test
  void x_01_leading_and_double_slashes_and_dots_go() {
    assertTree(
        "0755 /\n0755 a/\n0755 a/b/\n0644 a/b/\\..\\d=y\n0644 a/b/c=x\n",
        new TarFixture().file("/a//./b/c", "x").file("a/b/\\..\\d", "y"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NUL", "BROKEN"})
  void x_01_names_and_targets_that_are_no_text_are_refused(String how) {
    for (String key : List.of("path", "linkpath")) {
      byte[] record = TarFixture.paxRecord(key, "vmlinuz\u00ff").getBytes(UTF_8);
      record[record.length - 2] = (byte) (how.equals("NUL") ? 0 : 0xff);
      record[record.length - 3] = 'x';
      String why =
          refusal(new TarFixture().entry("x", 'x', "", record).entry("l", '2', "to", new byte[0]));
      assertTrue(why.contains("no text in UTF-8"), why);
    }
  }

  @Test
  void x_01_long_names_are_refused() {
    assertTrue(refusal(new TarFixture().file("x".repeat(5000), "")).contains("too long a name"));
    assertTrue(refusal(new TarFixture().file("x".repeat(256), "")).contains("too long a name"));
    assertTrue(
        refusal(new TarFixture().file("d/".repeat(256) + "f", "")).contains("too long a name"));
    String link = refusal(new TarFixture().pax("linkpath", "x".repeat(4096)).symlink("l", ""));
    assertTrue(link.contains("empty, too long"), link);
    assertTrue(refusal(new TarFixture().symlink("l", "")).contains("empty, too long"));
  }

  @Test
  void x_02_a_file_below_a_links_name_is_taken_as_named_and_nothing_is_made_on_disk()
      throws IOException {
    Path canary = Files.createDirectory(temp.resolve("canary"));
    var unpacked =
        unpack(
            new TarFixture()
                .symlink("usr/install", canary.toString())
                .file("usr/install/vmlinuz", "kernel"));
    assertEquals(
        "0755 /\n0755 usr/\n0755 usr/install/\n0644 usr/install/vmlinuz=kernel\n",
        text(unpacked.tree()));
    assertEquals(List.of("usr/install"), unpacked.replacedLinks());
    try (Stream<Path> left = Files.list(canary)) {
      assertEquals(0, left.count());
    }
    try (Stream<Path> made = Files.walk(temp)) {
      assertEquals(0, made.filter(Files::isSymbolicLink).count());
    }
  }

  @Test
  void x_03_links_are_kept_as_they_are_and_never_followed() {
    assertTree(
        "0755 /\na -> b\nb -> a\nout -> ../../etc/shadow\n",
        new TarFixture().symlink("a", "b").symlink("b", "a").symlink("out", "../../etc/shadow"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/shadow", "../../x", "missing", "later", "directory", ""})
  void x_04_a_hard_link_to_what_is_not_in_the_image_is_refused(String target) {
    String why =
        refusal(
            new TarFixture()
                .directory("directory", 0755)
                .hardLink("l", target)
                .file("later", "too late"));
    assertTrue(why.contains("is a hard link to"), why);
  }

  @ParameterizedTest
  @ValueSource(chars = {'S', '7', 'Z', 'V'})
  void x_05_what_cannot_be_unpacked_is_refused(char type) {
    String why = refusal(new TarFixture().entry("f", type, "", new byte[0]));
    assertTrue(why.contains("which is not unpacked"), why);
  }

  @Test
  void x_05_a_sparse_file_of_pax_is_refused() {
    String why = refusal(new TarFixture().pax("GNU.sparse.major", "1").file("f", "x"));
    assertTrue(why.contains("is a sparse file, which is not unpacked"), why);
  }

  @Test
  void x_07_the_last_of_two_entries_counts() {
    assertTree("0755 /\n0644 f=b\n", new TarFixture().file("f", "a").file("f", "b"));
    assertTree("0755 /\nf -> x\n", new TarFixture().file("f/g", "a").symlink("f", "x"));
  }

  @Test
  void x_12_bombs_stop_at_the_limits() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(new TarFixture().header("bomb", '0', "", 300 << 20, h -> {}).unfinished());
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 300; i++) {
        out.write(zeros);
      }
      out.write(new byte[1024]);
    }
    TestLayers bomb =
        new TestLayers(temp)
            .add("application/vnd.oci.image.layer.v1.tar+gzip", packed.toByteArray(), null);
    String why =
        String.valueOf(
            assertThrows(ExtractException.class, () -> unpack(bomb, Limits.DEFAULT)).getMessage());
    assertTrue(why.contains("unpacks to more than 200 times its size"), why);
    assertTrue(Files.size(temp.resolve("spool-0")) <= 70 << 20, "the disk's share");

    TarFixture two = new TarFixture().file("a", "x".repeat(700)).file("b", "x".repeat(700));
    assertTrue(refusal(SmallLimits.tree(100, 1000), two).contains("more than 1000 bytes"));
    assertTrue(refusal(SmallLimits.layers(1000, 1 << 20), two).contains("unpacks to more than"));
    assertTrue(refusal(SmallLimits.layers(1 << 20, 4000), two, two).contains("layers unpack to"));
  }

  @Test
  void x_13_entries_and_directories_nobody_named_are_counted() {
    TarFixture many = new TarFixture();
    for (int i = 0; i < 60; i++) {
      many.file("f" + i, "");
    }
    assertTrue(refusal(SmallLimits.entries(100), many, many).contains("more than 100 tar entries"));
    assertTrue(
        refusal(SmallLimits.tree(50, 1000), many).contains("more than 50 files and directories"));
    TarFixture deep = new TarFixture();
    for (int i = 0; i < 10; i++) {
      deep.file(i + "/a/b/c/d/e/f/g", "");
    }
    assertTrue(
        refusal(SmallLimits.tree(50, 1000), deep).contains("more than 50 files and directories"));
  }

  @Test
  void x_13_whiteouts_over_whiteouts_cost_little() {
    TarFixture lower = new TarFixture();
    for (int i = 0; i < 20_000; i++) {
      lower.file("d/" + i, "");
    }
    TarFixture upper = new TarFixture().file("d/new", "");
    for (int i = 0; i < 20_000; i++) {
      upper.file(".wh.d", "");
    }
    assertTree("0755 /\n0755 d/\n0644 d/new=\n", lower, upper);
  }

  @Test
  void x_15_broken_archives_are_refused() {
    byte[] good = new TarFixture().file("a", "x").bytes();
    byte[] wrongSum = good.clone();
    wrongSum[0] ^= 1;
    for (byte[] broken :
        List.of(
            wrongSum,
            Arrays.copyOf(good, 700),
            Arrays.copyOf(good, 1024),
            Arrays.copyOf(good, good.length + 100),
            new TarFixture().header("a", '0', "", 0, h -> h.put(124, (byte) 0xff)).bytes(),
            new TarFixture().pax("size", "-1").file("a", "x").bytes())) {
      assertThrows(
          ExtractException.class,
          () -> unpack(TestLayers.ofTar(temp, broken), Limits.DEFAULT),
          () -> "of " + broken.length + " bytes");
    }
    assertEquals(
        "0755 /\n0644 a=x\n", text(unpack(TestLayers.ofTar(temp, good), Limits.DEFAULT).tree()));
  }
}
