package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.cache.ImagePull.PulledFile;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.files.AtomicFile;
import dev.moonboot.files.Disk;
import dev.moonboot.files.Turn;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Gives what was pulled its places in a folder of the caller's. */
final class PullFolder {
  static final String SUMS = "SHA256SUMS";

  private static final String TURN = ".moonboot-turn";

  /** Others place as many files as one release has, and wait for the disk with each. */
  private static final Duration LONGEST_TURN = Duration.ofMinutes(10);

  private PullFolder() {}

  /**
   * The right to place files in a folder: those of two processes, one file of each after the other,
   * would be taken for one release.
   */
  static Turn turn(Path out) throws IOException {
    return Turn.take(out.resolve(TURN), LONGEST_TURN);
  }

  /**
   * Boot files stand in the folder itself with a {@code .sha256} beside each; files of an image in
   * a folder of the architecture, which has one list of all.
   *
   * @param out on the same file system as the files
   */
  static List<PulledFile> place(BootFiles files, Json.Obj record, Path out) throws IOException {
    List<PulledFile> placed = new ArrayList<>();
    StringBuilder sums = new StringBuilder();
    for (var entry : AssetName.sorted(files.files()).entrySet()) {
      PulledFile file = place(entry.getKey(), files.arch(), entry.getValue(), out);
      placed.add(file);
      switch (file.name()) {
        case AssetName.Boot _ -> writeChecksum(file.file(), file.digest());
        case AssetName.File(var path) ->
            sums.append(file.digest().hex()).append("  ").append(path).append('\n');
      }
    }
    if (!sums.isEmpty()) {
      Path folder = out.resolve(files.arch().id());
      syncFolders(folder, placed);
      AtomicFile.replace(folder.resolve(SUMS), sums.toString().getBytes(UTF_8));
    }
    placed.add(place(record, files.arch(), out));
    return placed;
  }

  private static PulledFile place(AssetName name, Arch arch, BootFiles.Found found, Path out)
      throws IOException {
    if (Files.size(found.file()) != found.size()) {
      throw new IOException(found.file() + " was not written whole: No space left on device");
    }
    try (FileChannel channel = FileChannel.open(found.file(), WRITE)) {
      channel.force(true);
    }
    Path target = out.resolve(name.flatName(arch));
    switch (name) {
      case AssetName.Boot _ -> Files.move(found.file(), target, ATOMIC_MOVE);
      case AssetName.File _ -> placeOneOfMany(found.file(), target);
    }
    return new PulledFile(name, target, found.size(), found.digest(), found.origin());
  }

  /** The file stays: it may have another name, too. */
  private static void placeOneOfMany(Path file, Path target) throws IOException {
    Files.createDirectories(Optional.ofNullable(target.getParent()).orElseThrow());
    Path link = file.resolveSibling(file.getFileName() + AtomicFile.PART);
    Files.deleteIfExists(link);
    try {
      Files.createLink(link, file);
    } catch (IOException | UnsupportedOperationException e) { // not all file systems have links
      Files.copy(file, link, REPLACE_EXISTING);
    }
    // A rename onto another link of the same file does nothing (rename(2)).
    if (Files.exists(target) && Files.isSameFile(link, target)) {
      Files.delete(link);
    } else {
      Files.move(link, target, ATOMIC_MOVE);
    }
  }

  private static void syncFolders(Path folder, List<PulledFile> placed) throws IOException {
    TreeSet<Path> folders = new TreeSet<>();
    folders.add(folder);
    placed.stream().map(file -> file.file().getParent()).forEach(folders::add);
    for (Path one : folders) {
      Disk.syncDirectory(one);
    }
  }

  private static PulledFile place(Json.Obj record, Arch arch, Path out) throws IOException {
    byte[] text = record.pretty().getBytes(UTF_8);
    Path target = out.resolve(AssetName.RECORD.flatName(arch));
    AtomicFile.replace(target, text);
    writeChecksum(target, Digest.of(text));
    return new PulledFile(
        AssetName.RECORD, target, text.length, Digest.of(text), "written by this pull");
  }

  /** One line as {@code sha256sum -c} reads it. */
  private static void writeChecksum(Path file, Digest digest) throws IOException {
    String name = file.getFileName().toString();
    AtomicFile.replace(
        file.resolveSibling(name + ".sha256"), (digest.hex() + "  " + name + "\n").getBytes(UTF_8));
  }
}
