package dev.moonboot.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.node.NodeLabels;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What nodes asked for by the device flow (RFC 8628), in memory. A request lives for ten minutes,
 * and so does the access token that it may lead to, which one address can use once. Device codes
 * and tokens have 256 random bits; here are only their digests. At most 1,000 requests are held, 4
 * of one address pending: the oldest make room.
 */
final class DeviceGrants {
  static final Duration LIFE = Duration.ofMinutes(10);

  /** How long a node is to wait between two polls, and how much longer when it does not. */
  static final Duration INTERVAL = Duration.ofSeconds(5);

  /** No vowels, so no words, and nothing that looks alike (RFC 8628, 6.1): 34 bits in 8. */
  private static final String ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";

  private static final int MOST = 1000;
  private static final int MOST_OF_ONE_ADDRESS = 4;
  private static final Duration REMEMBERED = Duration.ofHours(1);

  /**
   * A poll may be so much early. The client of Talos polls in pairs while it is not approved: it
   * tries two ways of authentication, one at once after the other. Such a pair counts as one.
   */
  private static final Duration LEEWAY = Duration.ofSeconds(1);

  /** 32 bytes in base64url without padding (RFC 4648, 5). */
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final SecureRandom random = new SecureRandom();
  private final LongSupplier nanos;
  private final Map<Digest, Held> held = new LinkedHashMap<>();

  DeviceGrants(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A new request; {@code deviceCode} is the secret itself. */
  record Opened(String deviceCode, DeviceGrant grant) {}

  /** What a poll is answered (RFC 8628, 3.5). */
  sealed interface Poll {
    record Pending(boolean tooFast) implements Poll {}

    record Denied() implements Poll {}

    record Expired() implements Poll {}

    /** The one time that the token is told. */
    record Token(String text, DeviceGrant grant) implements Poll {}

    /** {@code why} is for the log. */
    record Bad(String why) implements Poll {}
  }

  /** What became of a use of a token. */
  sealed interface Use {
    record Good(DeviceGrant grant) implements Use {}

    /** {@code why} is for the log. */
    record Bad(String mark, String why) implements Use {}
  }

  /** Who shows a token: what for, and what it says of itself there. */
  record Shown(String client, String file, NodeLabels labels) {}

  private static final class Held {
    private final Digest code;
    private final String userCode;
    private final Device device;
    private DeviceState state = DeviceState.PENDING;
    private long until;
    private @Nullable Digest token;
    private Duration interval = INTERVAL;
    private long polledAt;
    private int polls;
    private boolean tooFast;

    Held(Digest code, String userCode, Device device, long until) {
      this.code = code;
      this.userCode = userCode;
      this.device = device;
      this.until = until;
    }

    boolean isOpen() {
      return state == DeviceState.PENDING || state == DeviceState.APPROVED;
    }
  }

  synchronized Opened open(Device device) {
    lookAtTime();
    List<Held> own =
        held.values().stream()
            .filter(one -> one.state == DeviceState.PENDING)
            .filter(one -> one.device.client().equals(device.client()))
            .toList();
    if (own.size() >= MOST_OF_ONE_ADDRESS) {
      end(own.getFirst(), DeviceState.EXPIRED);
    }
    if (held.size() >= MOST) {
      makeRoom();
    }
    String secret = secret();
    Digest code = digest(secret);
    Held one = new Held(code, freshUserCode(), device, nanos.getAsLong() + LIFE.toNanos());
    held.put(code, one);
    return new Opened(secret, view(one));
  }

  /** Decided ones first, then undecided ones, approved ones last; the oldest of each. */
  private void makeRoom() {
    Stream.<Predicate<Held>>of(
            one -> !one.isOpen(), one -> one.state == DeviceState.PENDING, _ -> true)
        .flatMap(kind -> held.values().stream().filter(kind).limit(1))
        .findFirst()
        .ifPresent(one -> held.remove(one.code));
  }

  private void lookAtTime() {
    long now = nanos.getAsLong();
    held.values().removeIf(one -> !one.isOpen() && now - one.until > REMEMBERED.toNanos());
    held.values().stream()
        .filter(one -> one.isOpen() && now - one.until >= 0)
        .forEach(one -> one.state = DeviceState.EXPIRED);
  }

  private void end(Held one, DeviceState state) {
    one.state = state;
    one.until = nanos.getAsLong();
  }

  private String secret() {
    byte[] bits = new byte[32];
    random.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  private static Digest digest(String secret) {
    return Digest.of(secret.getBytes(UTF_8));
  }

  private String freshUserCode() {
    while (true) {
      StringBuilder code = new StringBuilder();
      for (int i = 0; i < 8; i++) {
        code.append(i == 4 ? "-" : "");
        code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      String text = code.toString();
      if (held.values().stream().noneMatch(one -> one.userCode.equals(text))) {
        return text;
      }
    }
  }

  private DeviceGrant view(Held one) {
    Duration left = one.isOpen() ? Duration.ofNanos(one.until - nanos.getAsLong()) : Duration.ZERO;
    return new DeviceGrant(one.code.shortHex(), one.userCode, one.state, one.device, left);
  }

  /** All that are remembered, the newest first. */
  synchronized List<DeviceGrant> all() {
    lookAtTime();
    return new ArrayList<>(held.values()).reversed().stream().map(this::view).toList();
  }

  /**
   * Decides on the pending request with that user code, whatever its case and hyphens.
   *
   * @return nothing when there is none
   */
  synchronized Optional<DeviceGrant> decide(String userCode, boolean approve) {
    lookAtTime();
    String plain = plain(userCode);
    Optional<Held> meant =
        held.values().stream()
            .filter(one -> one.state == DeviceState.PENDING && plain(one.userCode).equals(plain))
            .findFirst();
    meant.ifPresent(one -> {
      if (approve) {
        one.state = DeviceState.APPROVED;
      } else {
        end(one, DeviceState.DENIED);
      }
    });
    return meant.map(this::view);
  }

  private static String plain(String userCode) {
    return userCode.replace("-", "").toUpperCase(Locale.ROOT);
  }

  /** What the node with that device code is to be told. */
  synchronized Poll poll(String deviceCode, String client) {
    lookAtTime();
    Held one = SECRET.matcher(deviceCode).matches() ? held.get(digest(deviceCode)) : null;
    if (one == null) {
      return new Poll.Bad("a device code never issued, or long ago");
    }
    if (!one.device.client().equals(client)) {
      return new Poll.Bad("a device code issued to another address");
    }
    if (one.token != null) {
      return new Poll.Bad("a device code that has brought its token");
    }
    return switch (one.state) {
      case PENDING -> new Poll.Pending(isTooFast(one));
      case DENIED -> new Poll.Denied();
      case EXPIRED -> new Poll.Expired();
      case APPROVED, USED -> token(one);
    };
  }

  private Poll.Token token(Held one) {
    String text = secret();
    one.token = digest(text);
    one.until = nanos.getAsLong() + LIFE.toNanos();
    return new Poll.Token(text, view(one));
  }

  private boolean isTooFast(Held one) {
    long now = nanos.getAsLong();
    Duration since = Duration.ofNanos(now - one.polledAt);
    if (one.polls == 1 && since.compareTo(LEEWAY) < 0) {
      one.polls = 2;
      return one.tooFast;
    }
    one.tooFast = one.polls > 0 && since.compareTo(one.interval.minus(LEEWAY)) < 0;
    if (one.tooFast) {
      one.interval = one.interval.plus(INTERVAL);
    }
    one.polls = 1;
    one.polledAt = now;
    return one.tooFast;
  }

  /**
   * Uses a token.
   *
   * @param given whether that is still what the node is given
   * @param reads whether it is used up by that
   */
  synchronized Use use(String token, Shown shown, Predicate<Device> given, boolean reads) {
    lookAtTime();
    if (!SECRET.matcher(token).matches()) {
      return new Use.Bad("", "not an access token");
    }
    Digest key = digest(token);
    Held one =
        held.values().stream().filter(known -> isSame(known.token, key)).findFirst().orElse(null);
    if (one == null) {
      return new Use.Bad("", "an access token never issued, or long ago");
    }
    String why = refusal(one, shown, given);
    if (!why.isEmpty()) {
      return new Use.Bad(one.code.shortHex(), why);
    }
    if (reads) {
      end(one, DeviceState.USED);
    }
    return new Use.Good(view(one));
  }

  private static boolean isSame(@Nullable Digest one, Digest other) {
    return one != null && MessageDigest.isEqual(one.bytes(), other.bytes());
  }

  private static String refusal(Held one, Shown shown, Predicate<Device> given) {
    if (!one.device.client().equals(shown.client())) {
      return "an access token issued to another address";
    }
    if (one.state == DeviceState.USED) {
      return "an access token used up";
    }
    if (one.state != DeviceState.APPROVED) {
      return "an access token expired";
    }
    if (!one.device.file().equals(shown.file())) {
      return "an access token for another file";
    }
    if (one.device.isDeniedBy(shown.labels())) {
      return "an access token for a node with another mac or uuid";
    }
    return given.test(one.device) ? "" : "the node is given something else by now";
  }
}
