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
import java.util.Set;

/**
 * Where everything lies below the root of a store, and with which modes.
 *
 * <pre>
 * lock                        held while a process has the store
 * ingest/&lt;hex&gt;/layers/       parts of layers: what a later refresh can resume
 * ingest/&lt;hex&gt;/work/         files not checked yet; never outlive a refresh
 * blobs/sha256/&lt;hex&gt;         assets, whole and checked
 * releases/sha256-&lt;hex&gt;.json what a release has
 * channels/&lt;name&gt;.0 .1       two slots: a channel's head, then its former heads
 * quarantine/                 blobs found damaged
 * </pre>
 */
record StoreLayout(Path root) {
  static final Set<PosixFilePermission> DIRECTORY_MODE =
      PosixFilePermissions.fromString("rwxr-x---");
  static final Set<PosixFilePermission> BLOB_MODE = PosixFilePermissions.fromString("r--r-----");
  static final Set<PosixFilePermission> RECORD_MODE = PosixFilePermissions.fromString("rw-r-----");

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

  Path releases() {
    return root.resolve("releases");
  }

  Path release(Digest digest) {
    return releases().resolve(digest.fileName() + ".json");
  }

  Path channels() {
    return root.resolve("channels");
  }

  TwoSlots channel(String name) {
    return new TwoSlots(channels(), name, RECORD_MODE);
  }

  Path quarantine() {
    return root.resolve("quarantine");
  }

  /**
   * Makes what is missing. A store that is all there may lie on a file system mounted read-only.
   */
  void make() throws IOException {
    Files.createDirectories(root);
    for (Path directory :
        List.of(ingests(), root.resolve("blobs"), blobs(), releases(), channels(), quarantine())) {
      Disk.makeDirectory(directory, DIRECTORY_MODE);
    }
  }
}
