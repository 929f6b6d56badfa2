package dev.moonboot.tftp;

import dev.moonboot.assets.Digest;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.Served;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What names mean: the boot loaders of one folder, and every asset by the path it has below {@code
 * /assets/}, with or without that prefix. First the name as sent, then regardless of case, because
 * some ROMs know upper case only.
 */
final class TftpTree {
  /** What a name means. */
  sealed interface Entry {
    /** A file; what it holds when it is opened is what the client gets. */
    record Stored(Path file) implements Entry {}

    /** A file of a release. */
    record OfRelease(Path file, Digest release) implements Entry {}

    /** A short text that no file holds. */
    record Text(String text) implements Entry {}

    /** Nothing to be had by that name now. */
    record Absent(String why) implements Entry {}
  }

  private final LoaderFolder loaders;
  private final AssetPaths assets;

  TftpTree(LoaderFolder loaders, AssetPaths assets) {
    this.loaders = loaders;
    this.assets = assets;
  }

  /** A file of the release is on its way until the result is closed. */
  Served.Use begin(Digest release) {
    return assets.begin(release);
  }

  /**
   * What {@code name} means now. May wait for the disk.
   *
   * @param client the address of whoever asks
   */
  Entry find(TftpName name, String client) {
    TftpName asset = name.without("assets/");
    return loaders
        .exact(name)
        .filter(file -> !assets.hides(file))
        .<Entry>map(Entry.Stored::new)
        .or(() -> present(asset, client))
        .or(() -> loaders.folded(name).filter(file -> !assets.hides(file)).map(Entry.Stored::new))
        .or(() -> present(asset.lowerCase().without("assets/"), client))
        .orElseGet(() -> absent(asset, client));
  }

  private Optional<Entry> present(TftpName name, String client) {
    return switch (assets.lookup(name.key(), client)) {
      case AssetLookup.Found found ->
          Optional.of(new Entry.OfRelease(found.asset().file(), found.release().digest()));
      case AssetLookup.Checksum sum -> Optional.of(new Entry.Text(sum.text()));
      case AssetLookup.NotReady _, AssetLookup.Missing _, AssetLookup.NotOurs _ -> Optional.empty();
    };
  }

  private Entry absent(TftpName name, String client) {
    return new Entry.Absent(
        switch (assets.lookup(name.key(), client)) {
          case AssetLookup.NotReady(String channel) -> "no release of " + channel + " yet";
          case AssetLookup.Missing(String channel, String why) -> why;
          case AssetLookup.Found _, AssetLookup.Checksum _, AssetLookup.NotOurs _ ->
              "file not found";
        });
  }
}
