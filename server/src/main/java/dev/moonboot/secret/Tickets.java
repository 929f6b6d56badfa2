package dev.moonboot.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tickets: 128 random bits that let one address read one machine config, for ten minutes and five
 * times. They are nowhere but in the boot script that was sent; here are only their digests. At
 * most 16,384 are held, 64 of one address; the oldest go first.
 */
final class Tickets {
  static final Duration LIFE = Duration.ofMinutes(10);
  static final int READS = 5;

  /** How many characters a ticket has: 16 bytes in base64url without padding (RFC 4648, 5). */
  static final int LENGTH = 22;

  private static final int MOST = 16_384;
  private static final int MOST_OF_ONE_ADDRESS = 64;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{" + LENGTH + "}");

  private final SecureRandom random = new SecureRandom();
  private final LongSupplier nanos;
  private final int most;
  private final int mostOfOneAddress;
  private final LinkedHashMap<Digest, Held> held = new LinkedHashMap<>();
  private final Map<String, Deque<Digest>> byClient = new HashMap<>();

  Tickets(LongSupplier nanos) {
    this(nanos, MOST, MOST_OF_ONE_ADDRESS);
  }

  Tickets(LongSupplier nanos, int most, int mostOfOneAddress) {
    this.nanos = nanos;
    this.most = most;
    this.mostOfOneAddress = mostOfOneAddress;
  }

  /**
   * What a ticket is good for.
   *
   * @param client the address that may use it
   * @param file below {@code /assets/}
   * @param mac of the node; empty when it sent none
   */
  record Right(String client, String profile, String file, String mac) {}

  /**
   * A new ticket.
   *
   * @param text the secret itself
   * @param mark by which it may be called in logs
   */
  record Issued(String text, String mark) {}

  /** What became of a use. */
  sealed interface Use {
    /** It was good; {@code left} more times it will be. */
    record Good(Right right, String mark, int left) implements Use {}

    /** It was not; {@code why} is for the log. */
    record Bad(String mark, String why) implements Use {}
  }

  private static final class Held {
    private final Right right;
    private final long until;
    private int left = READS;

    Held(Right right, long until) {
      this.right = right;
      this.until = until;
    }
  }

  synchronized Issued issue(Right right) {
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    Digest key = Digest.of(text.getBytes(UTF_8));
    dropOld();
    Deque<Digest> own = byClient.computeIfAbsent(right.client(), _ -> new ArrayDeque<>());
    own.addLast(key);
    held.put(key, new Held(right, nanos.getAsLong() + LIFE.toNanos()));
    if (own.size() > mostOfOneAddress) {
      held.remove(own.removeFirst());
    }
    if (held.size() > most) {
      dropFirst();
    }
    return new Issued(text, key.shortHex());
  }

  private void dropOld() {
    long now = nanos.getAsLong();
    while (!held.isEmpty() && now - held.firstEntry().getValue().until > LIFE.toNanos()) {
      dropFirst(); // until then it is told apart from one that never was
    }
  }

  private void dropFirst() {
    Iterator<Map.Entry<Digest, Held>> all = held.entrySet().iterator();
    Map.Entry<Digest, Held> first = all.next();
    all.remove();
    byClient.computeIfPresent(
        first.getValue().right.client(),
        (_, own) -> {
          own.remove(first.getKey());
          return own.isEmpty() ? null : own;
        });
  }

  /**
   * Uses a ticket.
   *
   * @param client who shows it
   * @param profile whose config is wanted; null when the ticket itself says that
   * @param reads whether that counts as a read
   */
  synchronized Use use(String text, String client, @Nullable String profile, boolean reads) {
    if (!FORM.matcher(text).matches()) {
      return new Use.Bad("", "not a ticket");
    }
    Digest key = Digest.of(text.getBytes(UTF_8));
    Held ticket = held.get(key);
    if (ticket == null) {
      return new Use.Bad(key.shortHex(), "never issued, or long ago");
    }
    if (!ticket.right.client().equals(client)) {
      return new Use.Bad(key.shortHex(), "issued to another address");
    }
    if (profile != null && !ticket.right.profile().equals(profile)) {
      return new Use.Bad(key.shortHex(), "a ticket for another profile");
    }
    if (nanos.getAsLong() - ticket.until >= 0) {
      return new Use.Bad(key.shortHex(), "expired");
    }
    if (ticket.left == 0) {
      return new Use.Bad(key.shortHex(), "used up");
    }
    ticket.left -= reads ? 1 : 0;
    return new Use.Good(ticket.right, key.shortHex(), ticket.left);
  }

  synchronized int count() {
    return held.size();
  }
}
