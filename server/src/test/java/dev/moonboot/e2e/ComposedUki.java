package dev.moonboot.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A UKI as binutils see it. */
final class ComposedUki {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  // "  5 .osrel        0000004f  0000000140022000  …"
  private static final Pattern SECTION = Pattern.compile("^ *\\d+ (\\.\\w+) +[0-9a-f]{8} .*");

  private final Path file;
  private final Path folder;

  private ComposedUki(Path file, Path folder) {
    this.file = file;
    this.folder = folder;
  }

  /**
   * @param folder for what is taken out
   */
  static ComposedUki of(Path file, Path folder) {
    return new ComposedUki(file, folder);
  }

  /** Names of the sections that no EFI stub has of its own, in their order. */
  List<String> sections() {
    List<String> stub =
        List.of(
            ".text",
            ".rodata",
            ".data",
            ".sbat",
            ".sdmagic",
            ".reloc",
            ".dynamic",
            ".dynsym",
            ".rela",
            ".dynstr");
    return run("objdump", "-h", file.toString())
        .lines()
        .map(SECTION::matcher)
        .filter(Matcher::matches)
        .map(section -> section.group(1))
        .filter(name -> !stub.contains(name))
        .toList();
  }

  /** The content of a section. */
  Path section(String name) {
    Path content = folder.resolve("section" + name);
    run(
        "objcopy",
        "--dump-section",
        name + "=" + content,
        file.toString(),
        folder.resolve("copy").toString());
    return content;
  }

  private String run(String... command) {
    try {
      Path log = Files.createTempFile(folder, command[0], ".log");
      return Running.run(List.of(command), log, LIMIT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
