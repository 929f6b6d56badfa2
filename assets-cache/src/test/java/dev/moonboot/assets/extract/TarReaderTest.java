package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.Requires;
import dev.moonboot.testing.TarFixture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our reader and GNU tar must see the same members, or one of them can be fooled. */
class TarReaderTest {
  private static final String LONG = "d/".repeat(60) + "file";

  @TempDir Path temp;

  static List<String> members(byte[] tar) {
    TarReader reader =
        new TarReader(new ByteArrayInputStream(tar), new Limits.Used(Limits.DEFAULT));
    List<String> names = new ArrayList<>();
    for (var next = reader.next(); next.isPresent(); next = reader.next()) {
      names.add(next.get().name() + " " + next.get().size());
    }
    return names;
  }

  /** Names and sizes as {@code tar tvf} lists them. */
  private List<String> gnuMembers(byte[] tar) throws IOException, InterruptedException {
    Path file = Files.write(temp.resolve("a.tar"), tar);
    String program = Requires.program("tar").toString();
    Process listing =
        new ProcessBuilder(program, "--quoting-style=literal", "-tvf", file.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(listing.getInputStream().readAllBytes(), UTF_8);
    listing.waitFor();
    return text.lines()
        .filter(line -> line.matches("[-dlhbcp?].*"))
        .map(TarReaderTest::nameAndSize)
        .toList();
  }

  private static String nameAndSize(String line) {
    String[] parts = line.split(" +", 6);
    String name = parts[5].replaceAll(" (->|link to) .*", "");
    return name + " " + parts[2];
  }

  static Stream<Arguments> archives() {
    return Stream.of(
        archive("plain", new TarFixture().directory("a").file("a/b", "x").symlink("l", "a/b")),
        archive("PAX long name", new TarFixture().file(LONG, "x").file("b", "y")),
        archive("GNU long name", new TarFixture().gnuLong('L', LONG).file("short", "x")),
        archive(
            "ustar prefix",
            new TarFixture()
                .header("file", '0', "", 0, h -> h.put(345, "some/where".getBytes(UTF_8)))),
        archive(
            "a PAX size that is not the ustar size",
            new TarFixture()
                .pax("size", "1024")
                .header("hidden", '0', "", 0, h -> {})
                .raw(new TarFixture().file("smuggled", "x").unfinished())
                .file("after", "y")),
        archive(
            "a PAX size before a GNU long name",
            new TarFixture()
                .pax("size", "512")
                .gnuLong('L', "the/long/name")
                .header("short", '0', "", 0, h -> {})
                .raw(new TarFixture().header("smuggled", '0', "", 0, h -> {}).unfinished())
                .file("after", "y")),
        archive(
            "a PAX path and a GNU long name",
            new TarFixture().pax("path", "by/pax").gnuLong('L', "by/gnu").file("x", "1")),
        archive(
            "the same in the other order",
            new TarFixture().gnuLong('L', "by/gnu").pax("path", "by/pax").file("x", "1")),
        archive(
            "two PAX headers",
            new TarFixture().pax("path", "first").pax("path", "second").file("x", "1")),
        archive(
            "a PAX header that another one replaces",
            new TarFixture().pax("path", "first").pax("comment", "none").file("x", "1")),
        archive(
            "two GNU long names",
            new TarFixture().gnuLong('L', "first").gnuLong('L', "second").file("x", "1")),
        archive(
            "a global header",
            new TarFixture()
                .paxRecords('g', TarFixture.paxRecord("comment", "hello"))
                .file("x", "1")),
        archive("a GNU size in base 256", base256(3)),
        archive("a V7 header", new TarFixture().header("v7", '\0', "", 0, TarReaderTest::noMagic)),
        archive("a directory by its slash", new TarFixture().header("v7/", '\0', "", 0, h -> {})));
  }

  private static void noMagic(ByteBuffer header) {
    header.put(257, new byte[8]);
  }

  private static TarFixture base256(int size) {
    return new TarFixture()
        .header(
            "big",
            '0',
            "",
            0,
            h -> h.put(124, new byte[12]).put(124, (byte) 0x80).put(135, (byte) size))
        .raw(new byte[size])
        .pad()
        .file("after", "x");
  }

  private static Arguments archive(String name, TarFixture tar) {
    return Arguments.of(name, tar.bytes());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("archives")
  void x_15_we_list_what_gnu_tar_lists(String name, byte[] tar)
      throws IOException, InterruptedException {
    assertEquals(gnuMembers(tar), members(tar));
  }

  /** Random rows of headers, extended ones among them: listed alike, or refused by us. */
  @Test
  void x_15_random_archives_are_listed_alike_or_refused() throws IOException, InterruptedException {
    for (long seed = 1; seed <= 40; seed++) {
      byte[] tar = random(new Random(seed));
      List<String> ours;
      try {
        ours = members(tar);
      } catch (ExtractException e) {
        continue;
      }
      long shown = seed;
      List<String> theirs = gnuMembers(tar);
      assertEquals(theirs, ours, () -> "seed " + shown + ": " + ours.stream().collect(joining()));
    }
  }

  private static byte[] random(Random random) {
    TarFixture tar = new TarFixture();
    for (int i = 0; i < 12; i++) {
      String name = "n" + i;
      switch (random.nextInt(7)) {
        case 0 -> tar.pax("path", "pax" + i);
        case 1 -> tar.gnuLong('L', "gnu" + i);
        case 2 -> tar.pax("size", Integer.toString(512 * random.nextInt(3)));
        case 3 -> tar.gnuLong('K', "link" + i);
        case 4 -> tar.symlink(name, "t");
        default -> tar.file(name, "x".repeat(random.nextInt(600)));
      }
    }
    return tar.file("last", "").bytes();
  }
}
