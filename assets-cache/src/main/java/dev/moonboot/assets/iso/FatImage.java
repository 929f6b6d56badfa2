package dev.moonboot.assets.iso;

import dev.moonboot.program.Need;
import dev.moonboot.program.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An EFI system partition as a file, made with mtools. Equal files give equal bytes.
 *
 * <p>FAT32 for what may be written to a hard disk (UEFI specification, section 13.3): it has at
 * least 65525 clusters then, or firmware would take it for FAT16. Small ones, for removable media,
 * are FAT12 or FAT16.
 */
final class FatImage {
  private static final String FORMAT = "mformat";
  private static final String MAKE_FOLDER = "mmd";
  private static final String COPY = "mcopy";
  private static final long MIB = 1 << 20;
  private static final long SMALLEST = 36 * MIB; // 65525 clusters of 512 bytes, and their table
  private static final long SPARE = 10 * MIB;
  private static final long SMALL_SPARE = MIB / 2;
  private static final long LARGEST_CLUSTERED = 512 * MIB;

  private final boolean small;
  private final Map<String, Path> files = new LinkedHashMap<>();

  private FatImage(boolean small) {
    this.small = small;
  }

  /** For a hard disk. */
  static FatImage large() {
    return new FatImage(false);
  }

  /** For removable media, and no larger than it must be. */
  static FatImage small() {
    return new FatImage(true);
  }

  /**
   * Adds a file.
   *
   * @param name its path with slashes, of letters, digits, dots and dashes
   */
  FatImage file(String name, Path source) {
    files.put(name, source.toAbsolutePath());
    return this;
  }

  /**
   * Makes the image.
   *
   * @param folder for what programs say
   * @throws IOException when it cannot be written, or mtools are missing: says what to install
   */
  void write(Path image, Path folder) throws IOException {
    long size = size();
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(0);
      file.setLength(size);
    }
    String at = image.toString();
    List<String> format = new ArrayList<>(List.of("-i", at, "-N", "4d4f4f4e", "-v", "EFI"));
    if (!small) {
      // clusters of one sector, or eight where the table would grow too large
      format.addAll(List.of("-F", "-c", size > LARGEST_CLUSTERED ? "8" : "1"));
    }
    format.add("::");
    run(folder, FORMAT, format.toArray(String[]::new));
    TreeSet<String> folders = new TreeSet<>();
    for (String name : files.keySet()) {
      for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
        folders.add(name.substring(0, slash));
      }
    }
    for (String name : folders) {
      run(folder, MAKE_FOLDER, "-i", at, "::" + name);
    }
    for (var file : files.entrySet()) {
      run(folder, COPY, "-i", at, file.getValue().toString(), "::" + file.getKey());
    }
  }

  /**
   * Copies a file out of an image.
   *
   * @param image the image, or a disk that has one
   * @param at where it begins there, in bytes
   * @param out is made, or written over
   * @param folder for what the program says
   * @throws IOException when there is none of that name, or it cannot be written
   */
  static void read(Path image, long at, String name, Path out, Path folder) throws IOException {
    run(folder, COPY, "-n", "-o", "-i", image + "@@" + at, "::" + name, out.toString());
  }

  private long size() throws IOException {
    long sum = 0;
    for (Path file : files.values()) {
      sum += (Files.size(file) + 4095) / 4096 * 4096;
    }
    long least = small ? sum + SMALL_SPARE : Math.max(SMALLEST, sum + sum / 50 + SPARE);
    long unit = small ? MIB / 4 : MIB;
    return (least + unit - 1) / unit * unit;
  }

  /** What {@link #write} calls. */
  static List<Need> needs() {
    return Stream.of(FORMAT, MAKE_FOLDER, COPY).map(FatImage::need).toList();
  }

  private static Need need(String name) {
    return new Need(name, "mtools", "a bootable image for UEFI");
  }

  private static void run(Path folder, String name, String... arguments) throws IOException {
    Program program = need(name).find();
    Map<String, String> environment =
        Map.of(
            "SOURCE_DATE_EPOCH",
            IsoProgram.EPOCH,
            "MTOOLSRC",
            "/dev/null",
            "MTOOLS_SKIP_CHECK",
            "1");
    Program.Ended ended =
        program.run(folder, IsoProgram.LONGEST, environment, new ArrayList<>(List.of(arguments)));
    if (ended.status() != 0) {
      throw new IOException(name + " failed: " + ended.words());
    }
  }
}
