package dev.moonboot.assets.store;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Work under way on one image: a place for its files, and a hold on the blobs it needs. Used by one
 * thread.
 */
public final class Ingest implements AutoCloseable {
  private final StoreContents contents;
  private final StoreLayout layout;
  private final Digest image;
  private final Path directory;
  private final List<Digest> held = new ArrayList<>();
  private boolean resumable = true;

  private Ingest(StoreContents contents, StoreLayout layout, Digest image) {
    this.contents = contents;
    this.layout = layout;
    this.image = image;
    this.directory = layout.ingests().resolve(image.hex());
  }

  static Ingest open(StoreContents contents, StoreLayout layout, Digest image) throws IOException {
    Ingest ingest = new Ingest(contents, layout, image);
    Files.createDirectories(ingest.layers());
    Disk.deleteTree(ingest.work());
    Files.createDirectory(ingest.work());
    for (Path made : List.of(ingest.directory, ingest.layers(), ingest.work())) {
      Files.setPosixFilePermissions(made, StoreLayout.DIRECTORY_MODE);
    }
    return ingest;
  }

  /** For layers, whole or in part; kept over {@link #close} so that a later attempt resumes. */
  public Path layers() {
    return directory.resolve("layers");
  }

  /** For files made from them; empty now, and gone after {@link #close}. */
  public Path work() {
    return directory.resolve("work");
  }

  /**
   * What the store has from these very layers for that architecture, and keeps from now on until
   * this is closed.
   */
  public Optional<Build> known(Content content, Arch arch, List<Digest> layers) {
    return contents.hold(content, arch, layers, held);
  }

  /** A file of {@link #work} that is to be kept; two may be the same file. */
  public record Ready(AssetName name, Path file, long size, Digest digest) {}

  /** As {@link #commit(Arch, List)}, one file. */
  public Asset commit(AssetName name, Arch arch, Path file, long size, Digest digest)
      throws IOException {
    return commit(arch, List.of(new Ready(name, file, size, digest))).getFirst();
  }

  /**
   * Moves files of {@link #work} into the store, where they last once this returns. First all are
   * synced, then all are moved, and the directories are synced once for all: where every sync waits
   * for a disk, hundreds of small files would take minutes one after the other.
   *
   * @return what they are in the store, in the same order
   * @throws StoreException (MISMATCH) when a file has another size or digest
   * @throws IOException when they are not known to last; everything of this work must be thrown
   *     away then: a later fsync that succeeds proves nothing about pages dropped before (fsync(2))
   */
  public List<Asset> commit(Arch arch, List<Ready> files) throws IOException {
    Map<Digest, Path> byDigest = new LinkedHashMap<>();
    for (Ready ready : files) {
      if (byDigest.putIfAbsent(ready.digest(), ready.file()) == null) {
        check(ready.file(), ready.size(), ready.digest());
        contents.claims().hold(ready.digest(), held);
      }
    }
    Syncing.all(byDigest.values());
    place(byDigest);
    byDigest.keySet().forEach(contents::right);
    return files.stream()
        .map(ready -> contents.asset(ready.name(), arch, ready.size(), ready.digest()))
        .toList();
  }

  /**
   * A blob that is there already is replaced by these bytes, which we have just checked and synced,
   * rather than trusted for its name or size.
   */
  private void place(Map<Digest, Path> byDigest) throws IOException {
    List<Digest> placed = new ArrayList<>();
    Set<Path> from = new LinkedHashSet<>();
    try {
      for (var entry : byDigest.entrySet()) {
        contents.place(entry.getValue(), entry.getKey());
        placed.add(entry.getKey());
        from.add(Optional.ofNullable(entry.getValue().getParent()).orElseThrow());
      }
      Disk.syncDirectory(layout.blobs());
      for (Path directory : from) {
        Disk.syncDirectory(directory);
      }
    } catch (IOException e) {
      placed.forEach(digest -> contents.displace(digest, held));
      throw e;
    }
  }

  private static void check(Path file, long size, Digest digest) throws IOException {
    long found = Files.size(file);
    if (found != size) {
      throw new StoreException(
          StoreException.Reason.MISMATCH,
          file.getFileName() + " has " + found + " bytes on disk instead of " + size);
    }
    Digest hash = StoreReader.hash(file);
    if (!hash.equals(digest)) {
      throw new StoreException(
          StoreException.Reason.MISMATCH,
          file.getFileName() + " is " + hash + " on disk instead of " + digest);
    }
  }

  /**
   * Keeps a release whose assets were committed or {@link #known} here.
   *
   * @return it, with what the store already had of the same image for other architectures
   * @throws IOException when that failed; on disk there may be the release all the same
   */
  public Release publish(Release release) throws IOException {
    for (Digest blob : Holdings.blobsOf(release).toList()) {
      if (!held.contains(blob)) {
        throw new IllegalArgumentException(blob + " was not committed by this work");
      }
    }
    Release kept = contents.record(release);
    resumable = false;
    return kept;
  }

  /** Nothing of this work is to be resumed: its layers go too. */
  public void discard() {
    resumable = false;
  }

  /** Ends the work; what may not stay is deleted. */
  @Override
  public void close() {
    Disk.tryDelete(resumable ? work() : directory); // else the next start removes it
    contents.claims().unclaim(image, held);
  }
}
