package dev.moonboot.assets.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Reads a store when it is opened. Whatever is damaged is left out and said. */
final class StoreReader {
  private static final Logger LOG = System.getLogger(StoreReader.class.getName());

  private final StoreLayout layout;
  private final UnaryOperator<Release> complete;
  private final Set<Digest> seen = new HashSet<>();
  private Doubts doubts = Doubts.NONE;
  private final boolean hadState;
  private boolean sure = true;
  private StateReader state = new StateReader(false, Map.of(), Map.of(), Map.of());

  /** Looks whether there is a state, before one is made. */
  StoreReader(StoreLayout layout, UnaryOperator<Release> complete) {
    this.layout = layout;
    this.complete = complete;
    this.hadState = Files.isDirectory(layout.channels());
  }

  /** False when something could not be read, so that nothing may be called unused because of it. */
  boolean isSure() {
    return sure;
  }

  /**
   * Whether there was a state when this began. One that is there and empty is not lost: a first
   * pull may have ended before its release became a head.
   */
  boolean hadState() {
    return hadState;
  }

  /** What {@link #read} found of channels. */
  StateReader state() {
    return state;
  }

  /** What is recorded, and not among what {@link #read} found. */
  Doubts doubts() {
    return doubts;
  }

  Holdings read() throws IOException {
    StateReader state = StateReader.read(layout);
    sure &= state.isSure();
    this.state = state;
    Map<Digest, Release> releases = new HashMap<>();
    for (Path file : list(layout.releases())) {
      ReleaseRecord.digestOf(file).ifPresent(digest -> readRelease(digest, releases));
    }
    return new Holdings(releases, state.channels());
  }

  private static List<Path> list(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(directory)) {
      entries.forEach(files::add);
    }
    return files;
  }

  private void readRelease(Digest digest, Map<Digest, Release> into) {
    try {
      Release release = ReleaseRecord.read(layout, digest);
      if (isWhole(release)) {
        into.put(digest, complete.apply(release));
      } else {
        doubts = doubts.with(release);
      }
    } catch (IOException e) {
      broken(e);
    }
  }

  private void broken(IOException why) {
    sure = false;
    LOG.log(Level.ERROR, "cache record=broken why=\"" + why.getMessage() + "\"");
  }

  private boolean isWhole(Release release) throws IOException {
    for (var build : release.builds().values()) {
      for (Asset asset : build.assets().values()) {
        look(asset);
      }
    }
    return !doubts.concerns(release);
  }

  /** Hashes nothing: what must be hashed waits until the store is open. */
  private void look(Asset asset) throws IOException {
    if (!seen.add(asset.digest())) {
      return;
    }
    try {
      BasicFileAttributes found =
          Files.readAttributes(asset.file(), BasicFileAttributes.class, NOFOLLOW_LINKS);
      if (!found.isRegularFile() || found.size() != asset.size()) {
        LOG.log(Level.ERROR, "cache blob=" + asset.digest() + " state=damaged moved=quarantine");
        Quarantine.take(layout, asset.digest());
        doubts = doubts.damaged(asset.digest());
      } else if (!found.lastModifiedTime().equals(StoreLayout.BLOB_MARK)) {
        LOG.log(Level.WARNING, "cache blob=" + asset.digest() + " state=touched: it is checked");
        doubts = doubts.unchecked(asset.digest());
      }
    } catch (NoSuchFileException e) {
      LOG.log(Level.ERROR, "cache blob=" + asset.digest() + " state=missing");
      doubts = doubts.damaged(asset.digest());
    }
  }

  static Digest hash(Path file) throws IOException {
    return hash(file, _ -> {});
  }

  /** Told how many bytes were just read; may take its time, or end the reading. */
  @FunctionalInterface
  interface Reading {
    void took(int bytes) throws IOException;
  }

  static Digest hash(Path file, Reading reading) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[256 << 10];
    try (InputStream in = Files.newInputStream(file, NOFOLLOW_LINKS)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha256.update(buffer, 0, n);
        reading.took(n);
      }
    }
    return Digest.of(sha256);
  }
}
