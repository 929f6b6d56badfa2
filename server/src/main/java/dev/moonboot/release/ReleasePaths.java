package dev.moonboot.release;

import dev.moonboot.assets.Digest;
import java.util.Map;

/**
 * The asset paths as one client sees them, and what becomes of asking: a path that names no release
 * means the one that the client's last script named, so that a node that began with one release
 * ends with it.
 */
public final class ReleasePaths {
  private final Releases releases;
  private final Served served;
  private final LastScripts scripts;

  public ReleasePaths(Releases releases, Served served, LastScripts scripts) {
    this.releases = releases;
    this.served = served;
    this.scripts = scripts;
  }

  /** Paths of their own, for what has no other part that wants to know. */
  public static ReleasePaths of(Releases releases) {
    return new ReleasePaths(releases, new Served(), new LastScripts());
  }

  /**
   * What a path means to a client. Answers from memory, at once.
   *
   * @param path below {@code /assets/}, percent-decoded: {@code talos/custom/vmlinuz-arm64}
   * @param client its address, without a port
   */
  public AssetLookup lookup(String path, String client) {
    AssetLookup found = releases.lookup(path, channel -> scripts.of(client, channel));
    if (found instanceof AssetLookup.Found(var _, var release, var _, var _)) {
      served.note(release.digest());
    }
    return found;
  }

  /**
   * A client was given a script.
   *
   * @param named what its URLs name, by channel
   */
  public void told(String client, Map<String, Digest> named) {
    if (!named.isEmpty()) {
      scripts.told(client, named);
      named.values().forEach(served::note);
    }
  }

  /** A file of the release is on its way to a client until the result is closed. */
  public Served.Use begin(Digest release) {
    return served.begin(release);
  }
}
