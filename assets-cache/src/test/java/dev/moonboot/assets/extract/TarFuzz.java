package dev.moonboot.assets.extract;

import dev.moonboot.testing.Fuzz;
import dev.moonboot.testing.TarFixture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Any bytes as a tar archive: the same members however they arrive, each with a whole body. */
public final class TarFuzz {
  private TarFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      List<String> atOnce = members(new ByteArrayInputStream(input));
      List<String> slowly = members(Fuzz.trickle(input));
      if (!atOnce.equals(slowly)) {
        throw new AssertionError(atOnce + " at once, but slowly " + slowly);
      }
    });
  }

  /** Every member, and what the archive is refused for. */
  private static List<String> members(InputStream in) throws IOException {
    TarReader tar = new TarReader(in, new Limits.Used(Limits.DEFAULT));
    List<String> members = new ArrayList<>();
    try {
      for (var next = tar.next(); next.isPresent(); next = tar.next()) {
        TarEntry entry = next.get();
        // every other body is left for the reader to pass over
        long body = members.size() % 2 == 0 ? length(tar.body()) : entry.size();
        if (body != entry.size()) {
          throw new AssertionError(entry + " has a body of " + body);
        }
        members.add(entry.toString());
      }
    } catch (ExtractException e) {
      members.add(String.valueOf(e.getMessage()));
    }
    return members;
  }

  private static long length(InputStream body) throws IOException {
    byte[] buffer = new byte[4096];
    long length = 0;
    for (int count; (count = body.read(buffer, 0, buffer.length)) >= 0; ) {
      length += count;
    }
    return length;
  }

  static List<byte[]> seeds() {
    return List.of(
        new TarFixture().file("a", "text").bytes(),
        new TarFixture()
            .directory("a")
            .pax("path", "a/long")
            .file("b", "text")
            .gnuLong('L', "a/gnu")
            .symlink("l", "b")
            .gnuLong('K', "a/target")
            .hardLink("h", "b")
            .paxRecords('g', TarFixture.paxRecord("comment", "x"))
            .bytes(),
        new TarFixture().pax("size", "3").entry("big", 'S', "", new byte[600]).bytes());
  }
}
