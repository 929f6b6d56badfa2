package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.extract.CpioReader;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.InitramfsReader;
import dev.moonboot.assets.extract.InitramfsReader.Member;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a kernel and Talos's {@code init} make of an initramfs, and what they would not take
 * (kernel, {@code init/initramfs.c}, {@code lib/decompress*.c}; Talos, {@code internal/app/init}).
 * Errors of the kernel end nothing: it goes on with what it has, and extensions are missing without
 * a word.
 */
final class NodeView implements CpioReader.Visitor {
  private static final int MAX_LIST = 1 << 20;
  private static final int XZ_CHECK = 7; // in the stream's header (xz file format, 2.1.1.2)

  private final Arch arch;
  private final String modules;
  private final Scratch scratch;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, LayerImage> images = new TreeMap<>();
  private final Map<String, String> early = new HashMap<>();
  private final Map<String, String> files = new HashMap<>();
  private final Set<String> directories = new HashSet<>();
  private final Set<String> others = new HashSet<>();
  private boolean plain; // whether the member being read is not packed
  private boolean front = true; // whether only plain archives have come so far
  private boolean rootfsWanted;
  private List<String> baseReleases = List.of();
  private String list = "";
  private boolean rootfs;
  private final InitProgram init;
  private long before; // bytes of the parts that stand in front of the one being read

  /**
   * @param modules where kernel modules stand
   */
  NodeView(Arch arch, String modules, Scratch scratch) {
    this.arch = arch;
    this.modules = modules;
    this.scratch = scratch;
    this.init = new InitProgram(arch);
  }

  /** Looks at files that a loader puts behind each other. */
  NodeView read(List<Path> parts) {
    readAll(parts);
    if (images.values().stream().anyMatch(image -> !image.releases().isEmpty())) {
      rootfsWanted = true; // the base's own modules are looked at only where they matter
      readAll(parts);
    }
    init.problems().forEach(problem -> require(false, problem));
    require(rootfs, "it has no rootfs.sqsh");
    return this;
  }

  private void readAll(List<Path> parts) {
    before = 0;
    for (Path part : parts) {
      read(part);
      before += size(part);
    }
  }

  private void read(Path part) {
    try (InitramfsReader reader = InitramfsReader.open(part)) {
      plain = true;
      for (long at = 0; ; ) {
        plain = isPlain(part, at);
        Optional<Member> member = reader.next(new CpioReader(this));
        if (member.isEmpty()) {
          return;
        }
        check(part, member.get());
        at = member.get().to();
      }
    } catch (IOException | ExtractException e) {
      problems.add("an archive in it cannot be read: " + e.getMessage());
    }
  }

  /** Whether what stands next, behind zeros, is a plain archive. */
  private boolean isPlain(Path part, long from) throws IOException {
    try (InputStream in = Files.newInputStream(part)) {
      in.skipNBytes(from);
      int next;
      do {
        next = in.read();
      } while (next == 0);
      front &= next == '0' || next < 0;
      return next == '0';
    }
  }

  private void check(Path part, Member member) throws IOException {
    String where = "the archive at byte " + member.from();
    switch (member.packing()) {
      case NONE -> {
        require(member.from() % 4 == 0, where + " is plain and not at a multiple of 4");
        require(
            before % 4 == 0,
            "a plain archive stands behind parts of %d bytes, no multiple of 4".formatted(before));
      }
      case ZSTD -> {}
      case XZ ->
          require(xzCheck(part, member) <= 1, where + " is xz with a check other than CRC32");
      case GZIP ->
          require(arch == Arch.ARM64, where + " is gzip, which kernels of Talos cannot unpack");
      case ZSTD_SKIPPABLE, BZIP2 ->
          problems.add(where + " is no archive that kernels of Talos know");
    }
  }

  private static long size(Path part) {
    try {
      return Files.size(part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int xzCheck(Path part, Member member) throws IOException {
    try (InputStream in = Files.newInputStream(part)) {
      in.skipNBytes(member.from() + XZ_CHECK);
      return in.read();
    }
  }

  private void require(boolean held, String problem) {
    if (!held && !problems.contains(problem)) {
      problems.add(problem);
    }
  }

  @Override
  public void entry(CpioReader.Entry entry, InputStream in) throws IOException {
    String name = entry.name();
    if (rootfsWanted) {
      if (name.equals(BaseSplit.ROOTFS)) {
        baseReleases = image(name, in).map(LayerImage::releases).orElse(List.of());
      }
      return;
    }
    InputStream body = init.look(entry, in);
    place(entry);
    require(
        entry.links().isEmpty() || !isOurs(name),
        name + " has several names: the kernel writes all of them into one file");
    if (entry.isDirectory() || name.equals("init")) {
      return;
    }
    if (name.equals(BaseSplit.ROOTFS)) {
      rootfs = true;
      SquashfsHead.problem(entry, body)
          .ifPresent(problem -> require(false, name + " is nothing to mount: " + problem));
    } else if (name.equals(BaseSplit.LIST)) {
      list = entry.size() <= MAX_LIST ? new String(body.readAllBytes(), UTF_8) : "";
    } else if (BaseSplit.isLayer(name)) {
      image(name, body).ifPresent(image -> images.put(name, image));
    } else if (plain && name.startsWith("kernel/")) {
      require(front, name + " is for the early kernel, but does not stand in front");
      early.put(name, described(entry, body));
    } else {
      files.put(name, described(entry, body));
    }
  }

  /** Looks whether the kernel could make it there. */
  private void place(CpioReader.Entry entry) {
    String name = entry.name();
    int slash = name.lastIndexOf('/');
    require(
        slash < 0 || directories.contains(name.substring(0, slash)),
        name + " stands before its directory, so the kernel leaves it out");
    boolean other = entry.isDirectory() ? others.contains(name) : directories.contains(name);
    require(!other, name + " comes as a directory and as something else: the kernel keeps but one");
    (entry.isDirectory() ? directories : others).add(name);
  }

  /** Whether a base has none of that name. */
  private static boolean isOurs(String name) {
    return name.equals(BaseSplit.LIST) || BaseSplit.isLayer(name);
  }

  /** Of a file with several names, the kernel keeps what came with the last of them. */
  private static String described(CpioReader.Entry entry, InputStream body) throws IOException {
    String names = entry.links().isEmpty() ? "" : " with other names";
    return "%o %s%s".formatted(entry.mode(), Digest.of(body).hex(), names);
  }

  private Optional<LayerImage> image(String name, InputStream body) throws IOException {
    Found file = scratch.write(body, name);
    try {
      // the base's content is what it was: nobody has touched it
      LayerImage image = LayerImage.read(file, modules, !rootfsWanted);
      require(
          image.isWhole(), name + " does not end with a whole sector: the kernel sees less of it");
      return Optional.of(image);
    } catch (IOException e) {
      problems.add(name + " is no squashfs image that the kernel mounts: " + e.getMessage());
      return Optional.empty();
    } finally {
      Files.delete(file.file());
    }
  }

  /** What it would not take, each once. */
  List<String> problems() {
    return problems;
  }

  /** The text of {@code extensions.yaml}; empty when there is none. */
  String list() {
    return list;
  }

  Map<String, LayerImage> images() {
    return images;
  }

  /** What the kernel finds before it unpacks anything, each with its mode and digest. */
  Map<String, String> early() {
    return early;
  }

  /** All other files, each with its mode and digest. */
  Map<String, String> files() {
    return files;
  }

  /** The kernel releases that the base has modules for; only known where a layer has some. */
  List<String> baseReleases() {
    return baseReleases;
  }
}
