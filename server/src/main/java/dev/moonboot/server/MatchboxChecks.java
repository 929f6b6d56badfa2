package dev.moonboot.server;

import dev.moonboot.openpgp.KeyRing;
import dev.moonboot.openpgp.KeyRingException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/** What matchbox looks at before it starts, in its order and in its words. */
final class MatchboxChecks {
  /** Levels of logrus, by name, as far as ours tell apart. */
  private static final Map<String, Level> LEVELS =
      Map.of(
          "panic", Level.SEVERE,
          "fatal", Level.SEVERE,
          "error", Level.SEVERE,
          "warn", Level.WARNING,
          "warning", Level.WARNING,
          "info", Level.INFO,
          "debug", Level.FINE,
          "trace", Level.FINER);

  private MatchboxChecks() {}

  /** Why it cannot start, if it cannot. */
  static Optional<String> complaint(MatchboxFlags flags) {
    String assets = flags.text(MatchboxFlags.ASSETS_PATH);
    if (!Files.isDirectory(flags.path(MatchboxFlags.DATA_PATH))) {
      return Optional.of("A valid -data-path is required");
    } else if (!assets.isEmpty() && !Files.isDirectory(Path.of(assets))) {
      return Optional.of("Provide a valid -assets-path or '' to disable asset serving: " + assets);
    }
    String missing = flags.text(MatchboxFlags.RPC_ADDRESS).isEmpty() ? null : ofRpc(flags);
    if (missing == null && flags.truth(MatchboxFlags.WEB_SSL)) {
      missing = ofWeb(flags);
    }
    if (missing == null && level(flags).isEmpty()) {
      missing =
          "invalid log-level: not a valid logrus Level: \""
              + flags.text(MatchboxFlags.LOG_LEVEL)
              + "\"";
    }
    return Optional.ofNullable(missing).or(() -> ofKeyRing(flags));
  }

  private static Optional<String> ofKeyRing(MatchboxFlags flags) {
    if (flags.text(MatchboxFlags.KEY_RING_PATH).isEmpty()) {
      return Optional.empty();
    }
    try {
      var _ = KeyRing.open(flags.path(MatchboxFlags.KEY_RING_PATH), flags.passphrase());
      return Optional.empty();
    } catch (KeyRingException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  private static @Nullable String ofRpc(MatchboxFlags flags) {
    String certificate =
        missing(
            flags,
            MatchboxFlags.CERT_FILE,
            "Provide a valid TLS server certificate with -cert-file: ");
    String key =
        missing(flags, MatchboxFlags.KEY_FILE, "Provide a valid TLS server key with -key-file: ");
    String authority =
        missing(
            flags,
            MatchboxFlags.CA_FILE,
            "Provide a valid TLS certificate authority for authorizing client certificates: ");
    return certificate != null ? certificate : key != null ? key : authority;
  }

  private static @Nullable String ofWeb(MatchboxFlags flags) {
    String certificate =
        missing(
            flags,
            MatchboxFlags.WEB_CERT_FILE,
            "Provide a valid SSL server certificate with -web-cert-file: ");
    String key =
        missing(
            flags,
            MatchboxFlags.WEB_KEY_FILE,
            "Provide a valid SSL server key with -web-key-file: ");
    return certificate != null ? certificate : key;
  }

  /** Null when the file is there. */
  private static @Nullable String missing(MatchboxFlags flags, String flag, String words) {
    String file = flags.text(flag);
    try {
      Files.getLastModifiedTime(Path.of(file));
      return null;
    } catch (NoSuchFileException e) {
      return words + "stat " + file + ": no such file or directory";
    } catch (AccessDeniedException e) {
      return words + "stat " + file + ": permission denied";
    } catch (IOException e) {
      return words + "stat " + file + ": " + e.getMessage();
    }
  }

  /** What is logged; empty where the level is none of logrus. */
  static Optional<Level> level(MatchboxFlags flags) {
    return Optional.ofNullable(
        LEVELS.get(flags.text(MatchboxFlags.LOG_LEVEL).toLowerCase(Locale.ROOT)));
  }
}
