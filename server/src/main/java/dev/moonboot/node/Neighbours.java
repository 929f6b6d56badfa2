package dev.moonboot.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which hardware address the kernel last heard at an IPv4 address of our own networks (Linux,
 * {@code /proc/self/net/arp}). The table is read at most once a second; where there is none, nobody
 * is known.
 */
public final class Neighbours {
  // /proc/net is a link to it, which a service with ProcSubset=pid (systemd.exec(5)) has not
  private static final Path TABLE = Path.of("/proc/self/net/arp");
  private static final long FRESH = Duration.ofSeconds(1).toNanos();
  private static final int MOST = 65_536;

  /** The kernel knows the hardware address, be it heard or set (ATF_COM of if_arp.h). */
  private static final int COMPLETE = 0x02;

  private record Heard(Map<String, MacAddress> byAddress, long at) {}

  private final Path table;
  private final LongSupplier nanoTime;
  private final AtomicReference<@Nullable Heard> heard = new AtomicReference<>();

  public Neighbours() {
    this(TABLE, System::nanoTime);
  }

  /**
   * @param table as the kernel writes it
   * @param nanoTime only goes forward, as {@link System#nanoTime}
   */
  public Neighbours(Path table, LongSupplier nanoTime) {
    this.table = table;
    this.nanoTime = nanoTime;
  }

  /** The hardware address at that address. May wait for the kernel. */
  public Optional<MacAddress> at(String address) {
    Heard known = heard.get();
    if (known == null || nanoTime.getAsLong() - known.at() >= FRESH) {
      known = new Heard(read(), nanoTime.getAsLong());
      heard.set(known);
    }
    return Optional.ofNullable(known.byAddress().get(address));
  }

  private Map<String, MacAddress> read() {
    Map<String, MacAddress> all = new HashMap<>();
    try (Stream<String> lines = Files.lines(table, StandardCharsets.US_ASCII)) {
      lines.skip(1).limit(MOST).forEach(line -> add(line.trim().split("\\s+", -1), all));
    } catch (IOException | UncheckedIOException e) {
      // no such table here: nobody is known
    }
    return all;
  }

  /** Columns: IP address, HW type, flags, HW address, mask, device. */
  private static void add(String[] columns, Map<String, MacAddress> all) {
    if (columns.length < 4 || !isComplete(columns[2])) {
      return;
    }
    MacAddress.parse(columns[3])
        .filter(mac -> !mac.text().matches("[0:]+"))
        .ifPresent(mac -> all.put(columns[0], mac));
  }

  private static boolean isComplete(String flags) {
    try {
      return (Integer.decode(flags) & COMPLETE) != 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
