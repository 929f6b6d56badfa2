package dev.moonboot.assets.compose;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.compose.ComposeCase.joined;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.moonboot.assets.Arch;
import dev.moonboot.testing.InitramfsFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a kernel makes of archives behind each other, by rules that Linux 6.1 was seen to follow. In
 * a row, a letter is a part; digits are as many zero bytes.
 */
class KernelRulesTest {
  private static final byte[] TALOS = InitramfsFixture.base(AMD64, 1000, 3);
  private static final byte[] EARLY =
      InitramfsFixture.cpio(out -> {
        out.directory("kernel", 0755);
        out.file("kernel/early", 0644, "early".getBytes(UTF_8));
      });
  private static final byte[] MORE =
      InitramfsFixture.cpio(out -> out.file("more", 0644, "more".repeat(999).getBytes(UTF_8)));

  @TempDir Path temp;

  private NodeView view(byte[] initramfs, Arch arch) throws IOException {
    Path file = Files.write(temp.resolve("initramfs"), initramfs);
    try (Scratch scratch = new Scratch(temp.resolve("scratch"))) {
      return new NodeView(arch, "usr/lib/modules", scratch).read(List.of(file));
    }
  }

  /** z, x, g, r: Talos packed with zstd, xz, gzip, or plain; capitals: another archive. */
  private static byte[] parts(String formula) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String part : formula.split(" ", -1)) {
      out.writeBytes(
          switch (part) {
            case "e" -> EARLY;
            case "z" -> InitramfsFixture.zstd(TALOS);
            case "x" -> InitramfsFixture.xz(TALOS);
            case "r" -> TALOS;
            case "Z" -> InitramfsFixture.zstd(MORE);
            case "X" -> InitramfsFixture.xz(MORE);
            case "R" -> MORE;
            case "align" -> new byte[-out.size() & 3];
            default -> new byte[Integer.parseInt(part)];
          });
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "z Z",
    "x X",
    "x Z",
    "z X",
    "r R",
    "r Z X",
    "Z z",
    "e z Z",
    "e 512 z 7 Z 1",
    "z 4096 Z",
    "z align R",
    "e x 1 X",
    "e r Z"
  })
  void these_are_taken(String formula) throws IOException {
    NodeView view = view(parts(formula), AMD64);
    assertEquals(List.of(), view.problems(), formula);
    assertTrue(view.files().containsKey("more"));
    assertEquals(formula.startsWith("e"), view.early().containsKey("kernel/early"));
  }

  @Test
  void a_plain_archive_at_an_odd_place_is_not_taken() throws IOException {
    byte[] odd = joined(parts("z align"), new byte[1], MORE);
    assertEquals(1, view(odd, AMD64).problems().size());
  }

  @Test
  void junk_between_archives_is_not_taken() throws IOException {
    assertEquals(
        1, view(joined(parts("z"), new byte[] {'x'}, parts("Z")), AMD64).problems().size());
  }

  @Test
  void an_archive_over_two_frames_is_not_taken() throws IOException {
    byte[] first = Zstd.compress(Arrays.copyOf(MORE, 2000));
    byte[] second = Zstd.compress(Arrays.copyOfRange(MORE, 2000, MORE.length));
    assertEquals(1, view(joined(parts("z"), first, second), AMD64).problems().size());
  }

  @Test
  void a_frame_with_a_wide_window_and_without_checksum_is_taken() throws IOException {
    byte[] wide = Zstd.compress(MORE, 19);
    assertEquals(List.of(), view(joined(parts("z"), wide), AMD64).problems());
  }

  @Test
  void gzip_is_for_arm64_only() throws IOException {
    byte[] gzip = joined(InitramfsFixture.gzip(TALOS), parts("Z"));
    assertEquals(1, view(gzip, AMD64).problems().size());
    byte[] arm = joined(InitramfsFixture.gzip(ComposeCase.base(Arch.ARM64)), parts("Z"));
    assertEquals(List.of(), view(arm, Arch.ARM64).problems());
  }
}
