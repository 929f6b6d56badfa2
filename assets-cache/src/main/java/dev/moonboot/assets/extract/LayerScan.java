package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.Layouts.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads layers once, front to back, and keeps what may be a boot file as it goes by. */
final class LayerScan {
  /** More files that might be boot files than this are only noted, not kept. */
  private static final int MAX_KEPT = 16;

  private static final Captured PASSED = new Captured.Passed();
  private static final Node DIRECTORY = new Node.Directory();

  private final Arch arch;
  private final Limits limits;
  private final Path scratch;
  private final Set<String> twice = new HashSet<>();
  private int files;
  private int kept;
  private int taken;
  private long takenBytes;

  /**
   * @param scratch an empty directory for what is kept
   */
  LayerScan(Arch arch, Limits limits, Path scratch) {
    this.arch = arch;
    this.limits = limits;
    this.scratch = scratch;
  }

  /** Paths that a layer had more than once; the last entry counts. */
  Set<String> twice() {
    return twice;
  }

  /**
   * Reads a whole layer and checks its digest.
   *
   * @param role what a path may be
   * @param hidden whether an upper layer hides a path
   */
  LayerIndex index(
      Layers.Layer layer,
      Limits.Used used,
      Progress progress,
      Function<String, Optional<Role>> role,
      Predicate<String> hidden) {
    LayerIndex index = new LayerIndex();
    try (LayerInput input = LayerInput.open(layer, used, progress)) {
      TarReader tar = new TarReader(input, used);
      for (var next = tar.next(); next.isPresent(); next = tar.next()) {
        TarEntry entry = next.get();
        used.name(entry.link());
        ImagePath.clean(entry.name())
            .filter(path -> !path.isEmpty())
            .ifPresent(path -> add(index, path, node(tar, entry, path, role, hidden), used));
      }
      input.finish();
    }
    return index;
  }

  private void add(LayerIndex index, String path, Node node, Limits.Used used) {
    used.name(path);
    if (index.hide(path)) {
      return;
    }
    index.put(path, node).ifPresent(earlier -> replaced(path, earlier));
  }

  private void replaced(String path, Node earlier) {
    if (earlier instanceof Node.File(var _, var content)) {
      twice.add(path);
      content.files().forEach(HashedFile::delete);
    }
  }

  private Node node(
      TarReader tar,
      TarEntry entry,
      String path,
      Function<String, Optional<Role>> role,
      Predicate<String> hidden) {
    return switch (entry.kind()) {
      case DIRECTORY -> DIRECTORY;
      case SYMLINK -> new Node.Symlink(entry.link());
      case HARD_LINK -> new Node.HardLink(entry.link());
      case FILE -> {
        Optional<Role> as = role.apply(path).filter(_ -> !hidden.test(path));
        yield new Node.File(
            entry.size(), as.isEmpty() ? PASSED : capture(tar, entry.size(), as.get()));
      }
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, CONTIGUOUS, SPARSE, UNKNOWN ->
          new Node.Special(entry.kind());
    };
  }

  private Captured capture(TarReader tar, long size, Role role) {
    if (role == Role.CHECKSUMS) {
      return size > ChecksumLists.MAX_SIZE ? PASSED : text(tar);
    }
    if (role == Role.FILE) {
      return take(tar, size);
    }
    if (++kept > MAX_KEPT) {
      return PASSED;
    }
    long limit = limit(role);
    if (size == 0 || size > limit) {
      return new Captured.Refused(
          size == 0
              ? "is empty"
              : "has %s; at most %s are allowed"
                  .formatted(Limits.bytes(size), Limits.bytes(limit)));
    }
    Path file = scratch.resolve("part-" + files++);
    return role == Role.UKI
        ? uki(tar, size, file)
        : new Captured.Whole(HashedFile.write(tar.body(), file, ""));
  }

  private Captured take(TarReader tar, long size) {
    if (size > limits.fileBytes()) {
      return new Captured.Refused(
          "has %s; at most %s are allowed"
              .formatted(Limits.bytes(size), Limits.bytes(limits.fileBytes())));
    }
    takenBytes += size;
    if (++taken > limits.files() || takenBytes > limits.allFileBytes()) {
      throw new ExtractException(
          "the image has more than %d such files, or more than %s of them"
              .formatted(limits.files(), Limits.bytes(limits.allFileBytes())));
    }
    return new Captured.Whole(HashedFile.write(tar.body(), scratch.resolve("file-" + taken), ""));
  }

  private long limit(Role role) {
    return switch (role) {
      case KERNEL -> limits.kernelBytes();
      case INITRAMFS -> limits.initramfsBytes();
      case UKI -> limits.ukiBytes();
      case FILE -> limits.fileBytes();
      case CHECKSUMS -> ChecksumLists.MAX_SIZE;
    };
  }

  private static Captured text(TarReader tar) {
    try {
      byte[] text = tar.body().readAllBytes();
      return new Captured.Text(new String(text, UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A fault of the layer itself, taken for one of the UKI here, comes again with the next read. */
  private Captured uki(TarReader tar, long size, Path file) {
    try {
      return UkiCarver.carve(tar.body(), size, file, new UkiCarver.Target(arch, limits));
    } catch (ExtractException e) {
      return new Captured.Refused(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Reads a layer again for one file that was not kept the first time, because only a link told
   * that it is a boot file.
   */
  Node.File again(Layers.Layer layer, String path, Role role, Progress progress) {
    kept = 0;
    LayerIndex index =
        index(
            layer,
            new Limits.Used(limits),
            progress,
            p -> p.equals(path) ? Optional.of(role) : Optional.empty(),
            _ -> false);
    if (index.node(path).orElse(null) instanceof Node.File file) {
      return file;
    }
    throw new ExtractException("layer " + layer.digest() + " has changed while it was read");
  }
}
