package dev.moonboot.assets.iso;

import dev.moonboot.program.Need;
import dev.moonboot.program.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** xorriso, which writes ISO 9660 file systems that boot. */
final class IsoProgram {
  /** The time of all files: the first that FAT can tell, 1980-01-01T00:00:00Z. */
  static final String EPOCH = "315532800";

  static final Duration LONGEST = Duration.ofMinutes(10);

  static final Need XORRISO = new Need("xorriso", "xorriso", "an ISO image");

  private static final String DATE = "1980010100000000";

  private IsoProgram() {}

  /**
   * Writes an image.
   *
   * @param label of the volume: at most 32 of A-Z, 0-9 and the underscore
   * @param options of {@code xorriso -as mkisofs}, for the boot records
   * @param tree what the image has
   * @param folder for what the program says
   * @throws IOException when it cannot be written, or xorriso is missing: says what to install
   */
  static void write(Path out, String label, List<String> options, Path tree, Path folder)
      throws IOException {
    Program xorriso = XORRISO.find();
    List<String> arguments = new ArrayList<>(List.of("-no_rc", "-as", "mkisofs"));
    arguments.addAll(
        List.of("-quiet", "-o", out.toAbsolutePath().toString(), "-V", label, "-iso-level", "3"));
    arguments.addAll(List.of("--modification-date=" + DATE, "--set_all_file_dates", DATE));
    arguments.addAll(List.of("-uid", "0", "-gid", "0"));
    arguments.addAll(options);
    arguments.add(tree.toString());
    Program.Ended ended =
        xorriso.run(folder, LONGEST, Map.of("SOURCE_DATE_EPOCH", EPOCH), arguments);
    if (ended.status() != 0) {
      throw new IOException("xorriso failed: " + ended.words());
    }
  }
}
