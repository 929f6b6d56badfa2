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
 * are of the one that its first was. Of the last {@value #MOST} nodes, until they were silent for
 * half an hour, or try again after that.
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

  private static final String CONFIG = "config.txt";
  private static final Pattern FIRST = Pattern.compile("bootcode\\.bin|start[^/]*\\.elf");
  private static final Pattern LATER =
      Pattern.compile("fixup[^/]*\\.dat|[^/]*\\.dtb|overlays/.*|cmdline\\.txt|initramfs.*");

  private static final class Kept {
    private final PiPlan plan;
    private final long begunAt;
    private long askedAt;
    private boolean loading;
    private boolean started;
    private boolean ofRelease;
    private @Nullable String cmdline;
    private long cmdlineAt;

    Kept(PiPlan plan, long at) {
      this.plan = plan;
      this.begunAt = at;
      this.askedAt = at;
    }

    /** Whether asking for {@code file} at {@code now} begins another boot. */
    boolean isOverWith(String file, long now) {
      if (isLongAgo(now)) {
        return true;
      }
      boolean first = FIRST.matcher(file).matches();
      if (!first && !file.equals(CONFIG)) {
        return false; // however long it takes: it goes on with what it has of that release
      }
      return started || (first && loading) || now - begunAt > LONGEST.toNanos();
    }

    boolean isLongAgo(long now) {
      return now - askedAt > LONGEST.toNanos();
    }

    void asked(String file, long now) {
      askedAt = now;
      started |= file.equals(plan.started());
      loading |= LATER.matcher(file).matches();
      ofRelease |= plan.files().containsKey(file);
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
    long now = nanoTime.getAsLong();
    if (kept == null || kept.isOverWith(file, now)) {
      return Optional.empty();
    }
    kept.asked(file, now);
    return Optional.of(kept.plan);
  }

  /** Whether it asked in that boot for anything of the release that it boots. */
  synchronized boolean hasOfRelease(String client, PiNode node) {
    Kept kept = byNode.get(key(client, node));
    return kept != null && kept.ofRelease;
  }

  /** A boot began with asking for {@code file}. */
  synchronized void begin(String client, PiPlan plan, String file) {
    String key = key(client, plan.node());
    long now = nanoTime.getAsLong();
    Kept kept = new Kept(plan, now);
    kept.asked(file, now);
    byNode.remove(key); // so that it is the newest again
    byNode.put(key, kept);
    lastOfClient.remove(client);
    lastOfClient.put(client, key);
  }

  /** Who began a boot at that address last. */
  synchronized Optional<PiNode> last(String client) {
    String key = lastOfClient.get(client);
    Kept kept = key == null ? null : byNode.get(key);
    return kept == null || kept.isLongAgo(nanoTime.getAsLong())
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
