package dev.moonboot.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tokens in force: what the file holds, read again when it has changed. A file that cannot be
 * used leaves those of before in force, and says so.
 */
final class Tokens {
  private static final System.Logger LOG = System.getLogger(Tokens.class.getName());

  /**
   * What was read.
   *
   * @param before the tokens of before, which are good until {@code beforeUntil}
   */
  private record Read(
      FileMark mark, List<Token> tokens, List<Token> before, long beforeUntil, String trouble) {}

  private final @Nullable Path file;
  private final @Nullable Path credentials;
  private final Duration overlap;
  private final LongSupplier nanoTime;
  private volatile Read now;

  /**
   * @param access where they are; without a file there are none
   * @param nanoTime for the overlap
   */
  Tokens(AccessConfig access, LongSupplier nanoTime) {
    this.file = access.tokens();
    this.credentials = access.credentials();
    this.overlap = access.overlap();
    this.nanoTime = nanoTime;
    this.now = new Read(FileMark.NONE, List.of(), List.of(), nanoTime.getAsLong(), "");
    look();
  }

  /** True when there is a file to be asked. */
  boolean isConfigured() {
    return file != null;
  }

  /** Why the file is not in force as it is; empty when it is. */
  String trouble() {
    look();
    return now.trouble();
  }

  /**
   * The token that was shown. All are compared, each in the same time, so that the time tells
   * nothing of how near a wrong one came.
   */
  Optional<Token> find(String shown) {
    look();
    Read read = now;
    byte[] hash = hash(shown);
    Token found = match(read.tokens(), hash);
    Token old = match(read.before(), hash);
    boolean oldIsGood = nanoTime.getAsLong() - read.beforeUntil() < 0;
    return Optional.ofNullable(found != null ? found : oldIsGood ? old : null);
  }

  static byte[] hash(String shown) {
    return Digest.sha256().digest(shown.getBytes(UTF_8));
  }

  static @Nullable Token match(List<Token> tokens, byte[] hash) {
    Token found = null;
    for (Token token : tokens) {
      if (MessageDigest.isEqual(token.hash().bytes(), hash)) {
        found = token;
      }
    }
    return found;
  }

  private void look() {
    Path known = file;
    if (known != null) {
      FileMark mark = FileMark.of(known);
      if (now.mark().isOutdated(mark)) {
        read(known, mark);
      }
    }
  }

  private synchronized void read(Path known, FileMark mark) {
    Read old = now;
    try {
      List<Token> tokens = TokenFile.read(known, credentials);
      if (tokens.equals(old.tokens())) {
        now = new Read(mark, tokens, old.before(), old.beforeUntil(), "");
        return;
      }
      long until = nanoTime.getAsLong() + overlap.toNanos();
      now = new Read(mark, tokens, old.tokens(), until, "");
      LOG.log(Level.INFO, "tokens file={0} count={1}", known, tokens.size());
    } catch (TokenFileException e) {
      String trouble = String.valueOf(e.getMessage());
      if (!trouble.equals(old.trouble())) {
        LOG.log(Level.ERROR, "tokens file={0} kept=old why=\"{1}\"", known, trouble);
      }
      now = new Read(mark, old.tokens(), old.before(), old.beforeUntil(), trouble);
    }
  }
}
