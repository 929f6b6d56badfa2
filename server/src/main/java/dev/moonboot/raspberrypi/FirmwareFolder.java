package dev.moonboot.raspberrypi;

import static java.lang.System.Logger.Level.WARNING;

import dev.moonboot.assets.Digest;
import dev.moonboot.firmware.NodeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Firmware of a folder. Names are looked up in a table of what is there, which is read again when
 * it is older than five seconds: no name from the network is ever joined to a path.
 */
final class FirmwareFolder implements PiFirmware {
  private static final System.Logger LOG = System.getLogger(FirmwareFolder.class.getName());
  private static final long FRESH = Duration.ofSeconds(5).toNanos();
  private static final String TYPE = "application/octet-stream";
  private static final int DEPTH = 4;
  private static final int MOST_FILES = 4096;

  private record Table(Map<String, Path> files, long readAt) {}

  private final Path folder;
  private final AtomicReference<Table> table;

  FirmwareFolder(Path folder) {
    this.folder = folder;
    this.table = new AtomicReference<>(read(folder));
  }

  @Override
  public Optional<NodeFile> find(String path) {
    return file(path).map(file -> new NodeFile.OnDisk(file, TYPE));
  }

  /** Where the file of that name is. May wait for the disk. */
  Optional<Path> file(String path) {
    return Optional.ofNullable(current().files().get(path));
  }

  @Override
  public Map<String, Digest> named() {
    return Map.of();
  }

  private Table current() {
    Table held = table.get();
    if (System.nanoTime() - held.readAt() < FRESH) {
      return held;
    }
    Table fresh = read(folder);
    table.compareAndSet(held, fresh);
    return fresh;
  }

  private static Table read(Path folder) {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(folder, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      found
          .filter(Files::isRegularFile)
          .limit(MOST_FILES)
          .map(file -> Map.entry(folder.relativize(file).toString(), file))
          .filter(file -> !FlashedFiles.isOne(file.getKey()))
          .forEach(file -> files.put(file.getKey(), file.getValue()));
    } catch (IOException | UncheckedIOException e) {
      LOG.log(WARNING, "raspberry_pi folder={0} result=unreadable why=\"{1}\"", folder, e);
    }
    return new Table(Map.copyOf(files), System.nanoTime());
  }
}
