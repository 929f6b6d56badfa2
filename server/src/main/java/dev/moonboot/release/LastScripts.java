package dev.moonboot.release;

import dev.moonboot.assets.Digest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which releases each client was last told to boot, by its address: what it then asks for by a path
 * that names no release is of the same one. Of the last {@value #MOST} clients, for half an hour.
 */
public final class LastScripts {
  /** How many clients are remembered. */
  static final int MOST = 4096;

  /** How long. */
  static final Duration LONGEST = Duration.ofMinutes(30);

  private record Script(Map<String, Digest> releases, long at) {}

  private final LongSupplier nanoTime;
  private final Map<String, Script> byClient =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Script> eldest) {
          return size() > MOST;
        }
      };

  public LastScripts() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime only goes forward, as {@link System#nanoTime}
   */
  LastScripts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * A client was given a script.
   *
   * @param client its address, without a port
   * @param releases what its URLs name, by channel
   */
  public void told(String client, Map<String, Digest> releases) {
    Script script = new Script(Map.copyOf(releases), nanoTime.getAsLong());
    synchronized (byClient) {
      byClient.remove(client); // so that it is the newest again
      byClient.put(client, script);
    }
  }

  /** The release that the client was last told to boot of the channel. */
  Optional<Digest> of(String client, String channel) {
    Script script;
    synchronized (byClient) {
      script = byClient.get(client);
    }
    return script == null || nanoTime.getAsLong() - script.at() > LONGEST.toNanos()
        ? Optional.empty()
        : Optional.ofNullable(script.releases().get(channel));
  }
}
