package dev.moonboot.journal;

import dev.moonboot.journal.Boot.Node;
import dev.moonboot.journal.Boot.Result;
import dev.moonboot.journal.Told.Form;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which boot that which happens belongs to, and whether it begins another. Guarded by the log.
 *
 * <p>A file that is sent belongs to the latest boot of its address whose script names it and that
 * has not got it yet: several nodes may share an address. A boot begins when firmware asks DHCP, or
 * asks for what comes before a script, or when a node is told what to boot, and the one before has
 * gone further.
 */
final class Belonging {
  /** What is fetched later belongs to no boot of ours any more. */
  private static final Duration OPEN = Duration.ofMinutes(30);

  /** Firmware reads some files again and again, and iPXE asks for its script once more. */
  private static final Duration AGAIN = Duration.ofSeconds(60);

  /** A node may tell of itself for as long after it was last heard. */
  private static final Duration TELLING = Duration.ofHours(12);

  private final Tracks tracks;
  private final LongSupplier nanos;

  Belonging(Tracks tracks, LongSupplier nanos) {
    this.tracks = tracks;
    this.nanos = nanos;
  }

  /**
   * The boot in which a node is offered something; empty where it begins one.
   *
   * @param confirmed whether it asked us alone, for what it had been offered before
   */
  Optional<Track> offered(Node node, String firmware, boolean confirmed) {
    return tracks
        .latest(node)
        .filter(this::isOpen)
        .filter(track -> confirmed || goesOn(track, firmware));
  }

  /** iPXE asks DHCP again within one boot; any other firmware begins with it. */
  private boolean goesOn(Track track, String firmware) {
    return track.toldResult().isEmpty()
        || (firmware.equals("ipxe") && !track.isLoading() && quiet(track).compareTo(AGAIN) < 0);
  }

  /**
   * The boot that a file belongs to.
   *
   * @param node whose it is by its path or address
   * @param path as {@link BootPaths#clean} makes it
   * @param sent whether it has been sent; else it is asked for only now
   */
  Optional<Track> file(Node node, String client, String path, boolean sent) {
    return tracks
        .latest(
            client, t -> isOpen(t) && t.wants(path).filter(w -> sent == w.isRunning()).isPresent())
        .or(() -> tracks.latest(client, t -> isOpen(t) && t.wants(path).isPresent()))
        .or(() -> tracks.latest(node).filter(t -> isOpen(t) && t.wants(path).isPresent()))
        .or(() ->
            tracks
                .latest(node)
                .or(() -> tracks.latest(client, this::isOpen))
                .filter(t -> isOpen(t) && (sent || isBefore(t, path))));
  }

  /** Whether a file that no script names belongs to that boot, and not to the next. */
  private boolean isBefore(Track track, String path) {
    if (track.toldResult().isEmpty()
        || track.isConfig(path)
        || track.stage(path) == Stage.KERNEL
        || track.stage(path) == Stage.INITRAMFS) {
      return true;
    }
    boolean firmwareReads = track.form() != Form.IPXE; // and asks for more: device trees, overlays
    return (firmwareReads || !track.isLoading()) && quiet(track).compareTo(AGAIN) < 0;
  }

  /**
   * Whether who asks for a file of no boot begins one: files below {@code assets/} are for
   * everybody, and only firmware asks for others.
   */
  static boolean begins(String protocol, String asked) {
    String path = asked.replaceFirst("^/+", "");
    return protocol.equals("tftp")
        ? !path.startsWith("assets/")
        : path.startsWith("boot/") || Programs.stage(path) == Stage.SCRIPT;
  }

  /** The boot in which a node is told what to boot; empty where that begins one. */
  Optional<Track> told(Told told) {
    Node node = told.node();
    return tracks
        .latest(node)
        .filter(track -> isOpen(track) && awaits(track, told))
        .or(() -> tracks.latest(node.client(), t -> isOpen(t) && isNameless(t, node)));
  }

  /** Whether being told what to boot goes on with that boot. */
  private boolean awaits(Track track, Told told) {
    if (track.toldResult().filter(result -> result == Result.SCRIPT).isEmpty()) {
      return true;
    }
    boolean firmwareReads = told.form() == Form.CONFIG_TXT || told.form() == Form.UKI;
    return told.form() == track.form()
        && !track.isLoaded()
        && (firmwareReads || !track.isLoading())
        && (firmwareReads || track.answer().equals(told.answer()))
        && quiet(track).compareTo(AGAIN) < 0;
  }

  /** A boot of that address that nobody has said the name of, and that may be this node's. */
  private static boolean isNameless(Track track, Node node) {
    return track.toldResult().isEmpty()
        && (track.node().mac().isEmpty() || track.node().mac().equals(node.mac()));
  }

  /** The boot that a node whose kernel runs is in. */
  Optional<Track> running(Node node) {
    return tracks
        .latest(node)
        .or(() -> tracks.latest(node.client(), t -> t.toldResult().isPresent()))
        .filter(track -> quiet(track).compareTo(TELLING) < 0);
  }

  private boolean isOpen(Track track) {
    return quiet(track).compareTo(OPEN) <= 0;
  }

  private Duration quiet(Track track) {
    return Duration.ofNanos(nanos.getAsLong() - track.lastNanos());
  }
}
