package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.Disk;
import dev.moonboot.files.TwoSlots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where everything of a store lies, and with which modes: below the root what can be had again from
 * a registry, below the state what cannot.
 *
 * <pre>
 * root/
 * lock                        held while a process has the store
 * ingest/&lt;hex&gt;/layers/       parts of layers: what a later refresh can resume
 * ingest/&lt;hex&gt;/work/         files not checked yet; never outlive a refresh
 * inputs/&lt;hex&gt;               layers that releases are composed of; may go at any time
 * blobs/sha256/&lt;hex&gt;         assets, whole and checked
 * releases/sha256-&lt;hex&gt;.json what a release has
 * quarantine/                 blobs found damaged
 * state/
 * lock                        held while a process has the state
 * channels/&lt;name&gt;.0 .1       two slots: a channel's head, and all that were its head before
 * recipes/sha256-&lt;hex&gt;.json  of what a release is made that is no image
 * </pre>
 */
record StoreLayout(Path root, Path state) {
  static final Set<PosixFilePermission> DIRECTORY_MODE =
      PosixFilePermissions.fromString("rwxr-x---");
  static final Set<PosixFilePermission> BLOB_MODE = PosixFilePermissions.fromString("r--r-----");
  static final Set<PosixFilePermission> RECORD_MODE = PosixFilePermissions.fromString("rw-r-----");
  static final Set<PosixFilePermission> STATE_DIRECTORY_MODE =
      PosixFilePermissions.fromString("rwx------");
  static final Set<PosixFilePermission> STATE_MODE = PosixFilePermissions.fromString("rw-------");

  /**
   * The modification time of every blob. It is set before the blob is synced; whatever writes to
   * the blob later changes it, and then the blob is hashed before it is served again.
   */
  static final FileTime BLOB_MARK = FileTime.from(Instant.parse("2000-01-01T00:00:00Z"));

  Path lock() {
    return root.resolve("lock");
  }

  Path ingests() {
    return root.resolve("ingest");
  }

  Path blobs() {
    return root.resolve("blobs").resolve("sha256");
  }

  Path blob(Digest digest) {
    return blobs().resolve(digest.hex());
  }

  /** The digest that a file or an ingest is named after; empty for other names. */
  static Optional<Digest> digestOf(Path file) {
    try {
      return Optional.of(new Digest(file.getFileName().toString()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  Path releases() {
    return root.resolve("releases");
  }

  Path release(Digest digest) {
    return releases().resolve(digest.fileName() + ".json");
  }

  Path stateLock() {
    return state.resolve("lock");
  }

  Path channels() {
    return state.resolve("channels");
  }

  TwoSlots channel(String name) {
    return new TwoSlots(channels(), name, STATE_MODE);
  }

  Path inputs() {
    return root.resolve("inputs");
  }

  Path recipes() {
    return state.resolve("recipes");
  }

  Path recipe(Digest digest) {
    return recipes().resolve(digest.fileName() + ".json");
  }

  Path quarantine() {
    return root.resolve("quarantine");
  }

  /**
   * Makes what is missing below the root. A store that is all there may lie on a file system
   * mounted read-only.
   */
  void make() throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root);
      Files.setPosixFilePermissions(root, DIRECTORY_MODE);
    }
    for (Path directory :
        List.of(ingests(), root.resolve("blobs"), blobs(), releases(), quarantine())) {
      Disk.makeDirectory(directory, DIRECTORY_MODE);
    }
    if (Files.isWritable(root)) { // what an older store lacks here it needs for composing alone
      Disk.makeDirectory(inputs(), DIRECTORY_MODE);
    }
  }

  /**
   * Makes what is missing below the state. A directory of the state that is there keeps its mode.
   */
  void makeState() throws IOException {
    if (!Files.isDirectory(state)) {
      Files.createDirectories(state);
      Files.setPosixFilePermissions(state, STATE_DIRECTORY_MODE);
    }
    Disk.makeDirectory(channels(), STATE_DIRECTORY_MODE);
    Disk.makeDirectory(recipes(), STATE_DIRECTORY_MODE);
  }
}
