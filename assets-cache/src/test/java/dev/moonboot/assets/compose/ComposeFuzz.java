package dev.moonboot.assets.compose;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.compose.ComposeCase.MARKER;
import static dev.moonboot.assets.compose.ComposeCase.extension;
import static dev.moonboot.assets.compose.ComposeCase.file;
import static dev.moonboot.assets.compose.ComposeCase.joined;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.testing.Fuzz;
import dev.moonboot.testing.InitramfsFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Any bytes as the base of a composition: taken apart, or refused, and nothing is left behind. */
public final class ComposeFuzz {
  private static final Path FOLDER = Fuzz.folder("compose");

  private ComposeFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      Path base = Files.write(FOLDER.resolve("initramfs"), input);
      try (Scratch scratch = new Scratch(FOLDER.resolve("scratch"))) {
        BaseSplit split = BaseSplit.of(base);
        requireApart(split, input.length);
        OldExtensions.of(base, split.early(), scratch);
        OldExtensions.of(base, split.extensions(), scratch);
      } catch (ComposeException | ExtractException e) {
        // what is promised
      } finally {
        Files.delete(base);
      }
      try (Stream<Path> left = Files.list(FOLDER)) {
        if (left.findAny().isPresent()) {
          throw new AssertionError("something was left behind");
        }
      }
    });
  }

  private static void requireApart(BaseSplit split, long size) {
    long[] end = {0};
    Stream.of(split.early(), split.base(), split.extensions())
        .flatMap(List::stream)
        .sorted((one, other) -> Long.compare(one.from(), other.from()))
        .forEach(member -> {
          if (member.from() < end[0] || member.to() > size || member.length() <= 0) {
            throw new AssertionError(member + " stands where another does, or outside");
          }
          end[0] = member.to();
        });
  }

  static List<byte[]> seeds() {
    byte[] talos = InitramfsFixture.base(AMD64, 20, 1);
    byte[] old = InitramfsFixture.extensions(List.of(new InitramfsFixture.Extension("a", "v1")));
    byte[] early =
        InitramfsFixture.cpio(out -> {
          out.directory("kernel", 0755);
          out.file("kernel/early", 0644, "early".getBytes(UTF_8));
        });
    return List.of(
        joined(early, InitramfsFixture.zstd(talos, old)),
        joined(talos, InitramfsFixture.xz(old)),
        joined(InitramfsFixture.gzip(talos), new byte[5], InitramfsFixture.zstd(old)),
        composed(talos));
  }

  private static byte[] composed(byte[] talos) {
    try (Scratch scratch = new Scratch(FOLDER.resolve("seed"))) {
      Path base = Files.write(scratch.next(), InitramfsFixture.zstd(talos));
      TreeBuilder rootfs = new TreeBuilder().put("usr/lib/firmware/a", file(0644, "firmware"));
      return ComposeCase.whole(
          ComposeCase.compose(
              ComposeCase.order(base, MARKER, extension("a", rootfs)), scratch.next()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
