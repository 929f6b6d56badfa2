package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.journal.Told;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NodeLabels;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The unified kernel image that firmware loads as a node's first file. Firmware asks for its size
 * first, and goes on where it was cut off: so long as it keeps asking, it is given the file it
 * began with. But not for ever: it may ask again and again because it fails with that file.
 */
final class NodeUkis {
  private static final System.Logger LOG = System.getLogger(NodeUkis.class.getName());

  /** Who has not asked for so long begins anew. */
  static final Duration SAME_BOOT = Duration.ofMinutes(2);

  /** However often it asks, who began so long ago begins anew. */
  static final Duration LONGEST = Duration.ofMinutes(10);

  /** How many nodes are remembered. */
  static final int MOST = 4096;

  private record Key(MacAddress mac, Arch arch) {}

  private record Begun(NodeFile.OfRelease file, long begunAt, long askedAt) {}

  private final Plans plans;
  private final KnownNodes nodes;
  private final UkiGuard guard;
  private final BootNotes notes;
  private final LongSupplier nanoTime;
  private final Map<Key, Begun> begun =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Begun> eldest) {
          return size() > MOST;
        }
      };

  /**
   * @param nanoTime only goes forward, as {@link System#nanoTime}
   */
  NodeUkis(Plans plans, KnownNodes nodes, UkiGuard guard, BootNotes notes, LongSupplier nanoTime) {
    this.plans = plans;
    this.nodes = nodes;
    this.guard = guard;
    this.notes = notes;
    this.nanoTime = nanoTime;
  }

  /** The node is about to begin anew. */
  void forget(MacAddress mac) {
    synchronized (begun) {
      for (Arch arch : Arch.values()) {
        begun.remove(new Key(mac, arch));
      }
    }
  }

  NodeFile find(MacAddress mac, Arch arch, Asker who) {
    Key key = new Key(mac, arch);
    Optional<NodeFile.OfRelease> same = begun(key);
    if (same.isPresent()) {
      return same.get();
    }
    NodeLabels labels = nodes.labels(mac, arch, NodeLabels.NONE);
    return switch (plans.plan(labels, who)) {
      case BootAnswer.NoMatch(var why, var _) -> new NodeFile.Absent(why);
      case BootAnswer.NotReady(var _, var channel) -> new NodeFile.NotReady(channel);
      case BootAnswer.Plan(var plan) -> {
        NodeFile file = of(plan, arch);
        switch (file) {
          case NodeFile.OfRelease found -> {
            remember(key, found);
            notes.told(
                labels,
                who,
                plan,
                Told.Form.UKI,
                List.of(FirstFiles.FOLDER + mac.hyphenated() + "/" + UkiNames.of(arch)));
          }
          case NodeFile.Absent(var why) ->
              LOG.log(
                  Level.WARNING,
                  "uki node={0} client={1} result=refused why=\"{2}\"",
                  mac,
                  who.client(),
                  why);
          case NodeFile.OnDisk _, NodeFile.Text _, NodeFile.NotReady _ -> {}
        }
        yield file;
      }
    };
  }

  private NodeFile of(BootPlan plan, Arch arch) {
    Release release = plan.release();
    if (release == null) {
      return new NodeFile.Absent(
          "profile %s names no file of a channel, so there is no unified kernel image for it"
              .formatted(plan.profile()));
    }
    Optional<Asset> uki = release.asset(arch, AssetName.UKI);
    if (uki.isEmpty()) {
      return new NodeFile.Absent(
          "release %s has no unified kernel image for %s".formatted(release.digest(), arch.id()));
    }
    return guard
        .refusal(plan.profile(), release, arch)
        .<NodeFile>map(NodeFile.Absent::new)
        .orElseGet(() -> new NodeFile.OfRelease(uki.get(), release));
  }

  private Optional<NodeFile.OfRelease> begun(Key key) {
    long now = nanoTime.getAsLong();
    synchronized (begun) {
      Begun last = begun.remove(key);
      if (last == null
          || now - last.askedAt() > SAME_BOOT.toNanos()
          || now - last.begunAt() > LONGEST.toNanos()
          || !guard.isThere(last.file().release())) {
        return Optional.empty();
      }
      begun.put(key, new Begun(last.file(), last.begunAt(), now)); // the newest again
      return Optional.of(last.file());
    }
  }

  private void remember(Key key, NodeFile.OfRelease file) {
    synchronized (begun) {
      long now = nanoTime.getAsLong();
      begun.remove(key); // so that it is the newest again
      begun.put(key, new Begun(file, now, now));
    }
  }
}
