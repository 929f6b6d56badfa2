package dev.moonboot.raspberrypi;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What each Raspberry Pi boots now: its file names tell nothing of a release, so all of one boot
 * are of the one that its first was. Of the last {@value #MOST} nodes, for half an hour.
 *
 * <p>A boot begins with the boot loader ({@code start4.elf}, on a Raspberry Pi 5 {@code
 * config.txt}) and ends with the kernel. The boot loader and {@code start4.elf} both read {@code
 * config.txt}, so that alone begins nothing before the kernel was asked for.
 */
final class PiPlans {
  static final int MOST = 4096;
  static final Duration LONGEST = Duration.ofMinutes(30);

  /** The same file is asked for twice within seconds: once for its size. */
  private static final Duration SAME_LINE = Duration.ofSeconds(30);

  private static final Pattern FIRST = Pattern.compile("bootcode\\.bin|start[^/]*\\.elf");
  private static final Pattern LATER =
      Pattern.compile("fixup[^/]*\\.dat|[^/]*\\.dtb|overlays/.*|cmdline\\.txt|initramfs.*");

  private static final class Kept {
    private final PiPlan plan;
    private final long at;
    private boolean loading;
    private boolean started;
    private @Nullable String cmdline;
    private long cmdlineAt;

    Kept(PiPlan plan, long at) {
      this.plan = plan;
      this.at = at;
    }

    boolean isOverWith(String file) {
      return FIRST.matcher(file).matches()
          ? loading || started
          : started && file.equals("config.txt");
    }

    void asked(String file) {
      started |= file.equals(plan.started());
      loading |= LATER.matcher(file).matches();
    }
  }

  private final LongSupplier nanoTime;
  private final Map<String, Kept> byNode = bounded();
  private final Map<String, String> lastOfClient = bounded();
  private final Map<String, Long> toldOf = bounded();

  /**
   * @param nanoTime only goes forward, as {@link System#nanoTime}
   */
  PiPlans(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MOST;
      }
    };
  }

  private static String key(String client, PiNode node) {
    return client + " " + node.id();
  }

  /** The boot that asking for {@code file} belongs to; empty when it begins another. */
  synchronized Optional<PiPlan> current(String client, PiNode node, String file) {
    Kept kept = byNode.get(key(client, node));
    if (kept == null
        || nanoTime.getAsLong() - kept.at > LONGEST.toNanos()
        || kept.isOverWith(file)) {
      return Optional.empty();
    }
    kept.asked(file);
    return Optional.of(kept.plan);
  }

  /** A boot began with asking for {@code file}. */
  synchronized void begin(String client, PiPlan plan, String file) {
    String key = key(client, plan.node());
    Kept kept = new Kept(plan, nanoTime.getAsLong());
    kept.asked(file);
    byNode.remove(key); // so that it is the newest again
    byNode.put(key, kept);
    lastOfClient.remove(client);
    lastOfClient.put(client, key);
  }

  /** The node cannot go on with that boot. */
  synchronized void forget(String client, PiNode node) {
    byNode.remove(key(client, node));
  }

  /** Who began a boot at that address last. */
  synchronized Optional<PiNode> last(String client) {
    String key = lastOfClient.get(client);
    Kept kept = key == null ? null : byNode.get(key);
    return kept == null || nanoTime.getAsLong() - kept.at > LONGEST.toNanos()
        ? Optional.empty()
        : Optional.of(kept.plan.node());
  }

  /** The line of {@code cmdline.txt}, which stays the same while it is being read. */
  synchronized Optional<String> cmdline(
      String client, PiNode node, Supplier<Optional<String>> fresh) {
    Kept kept = byNode.get(key(client, node));
    if (kept == null) {
      return fresh.get();
    }
    long now = nanoTime.getAsLong();
    if (kept.cmdline == null || now - kept.cmdlineAt > SAME_LINE.toNanos()) {
      kept.cmdline = fresh.get().orElse(null);
      kept.cmdlineAt = now;
    }
    return Optional.ofNullable(kept.cmdline);
  }

  /** Whether the node was not told so within the last half minute: it asks for forty files. */
  synchronized boolean isNews(String client, PiNode node, String why) {
    long now = nanoTime.getAsLong();
    String key = key(client, node) + " " + why;
    Long told = toldOf.get(key);
    if (told != null && now - told <= SAME_LINE.toNanos()) {
      return false;
    }
    toldOf.put(key, now);
    return true;
  }
}
