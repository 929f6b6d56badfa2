package dev.moonboot.tftp;

import dev.moonboot.assets.Digest;
import dev.moonboot.firmware.Asker;
import dev.moonboot.firmware.Loaders;
import dev.moonboot.firmware.NodeFile;
import dev.moonboot.firmware.NodeTree;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.Served;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What names mean: what they mean to the node that asks, the boot loaders, and every asset by the
 * path it has below {@code /assets/}, with or without that prefix. First the name as sent, then
 * regardless of case, because some ROMs know upper case only.
 */
public final class TftpTree {
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

  private final NodeTree nodes;
  private final Loaders loaders;
  private final AssetPaths assets;

  /**
   * @param nodes names that mean something else to each node
   */
  public TftpTree(NodeTree nodes, Loaders loaders, AssetPaths assets) {
    this.nodes = nodes;
    this.loaders = loaders;
    this.assets = assets;
  }

  /** A file of the release is on its way until the result is closed. */
  Served.Use begin(Digest release) {
    return assets.begin(release);
  }

  /** What {@code name} means now to who asks. May wait for the disk. */
  Entry find(TftpName name, Asker who) {
    TftpName asset = name.without("assets/");
    String client = who.client();
    return nodes
        .find(name.key(), who)
        .or(() -> loaders.exact(name.key()))
        .map(TftpTree::entry)
        .or(() -> present(asset, client))
        .or(() -> loaders.find(name.key()).map(TftpTree::entry))
        .or(() -> present(asset.lowerCase().without("assets/"), client))
        .orElseGet(() -> absent(asset, client));
  }

  private static Entry entry(NodeFile file) {
    return switch (file) {
      case NodeFile.OnDisk(var path, var _) -> new Entry.Stored(path);
      case NodeFile.OfRelease(var asset, var release) ->
          new Entry.OfRelease(asset.file(), release.digest());
      case NodeFile.Text(var text, var _) -> new Entry.Text(text);
      case NodeFile.NotReady(var channel) -> new Entry.Absent(notYet(channel));
      case NodeFile.Absent(var why) -> new Entry.Absent(why);
    };
  }

  private static String notYet(String channel) {
    return "no release of " + channel + " yet";
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
          case AssetLookup.NotReady(String channel) -> notYet(channel);
          case AssetLookup.Missing(String channel, String why) -> why;
          case AssetLookup.Found _, AssetLookup.Checksum _, AssetLookup.NotOurs _ ->
              "file not found";
        });
  }
}
