package dev.moonboot.server;

import dev.moonboot.config.Overlay.Given;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What matchbox is told: its flags, then its variables ({@code MATCHBOX_} and the flag's name; an
 * empty one counts as not set), then its defaults.
 */
final class MatchboxFlags {
  static final String ADDRESS = "address";
  static final String RPC_ADDRESS = "rpc-address";
  static final String DATA_PATH = "data-path";
  static final String ASSETS_PATH = "assets-path";
  static final String LOG_LEVEL = "log-level";
  static final String CERT_FILE = "cert-file";
  static final String KEY_FILE = "key-file";
  static final String CA_FILE = "ca-file";
  static final String KEY_RING_PATH = "key-ring-path";
  static final String WEB_SSL = "web-ssl";
  static final String WEB_CERT_FILE = "web-cert-file";
  static final String WEB_KEY_FILE = "web-key-file";
  static final String VERSION = "version";
  static final String HELP = "help";

  /** Ours: the only one that matchbox has not, and the only one without a variable. */
  static final String CONFIG = "config";

  /** Not a flag, as flags are shown to everybody who lists processes. */
  private static final String PASSPHRASE = "MATCHBOX_PASSPHRASE";

  private static final List<GoFlags.Flag> FLAGS =
      List.of(
          text(ADDRESS, "127.0.0.1:8080", "where nodes speak HTTP to"),
          text(RPC_ADDRESS, "", "where the gRPC API is; empty for none"),
          text(DATA_PATH, "/var/lib/matchbox", "the data directory"),
          text(
              ASSETS_PATH,
              "/var/lib/matchbox/assets",
              "the folder whose files are served below /assets/; '' for none"),
          text(LOG_LEVEL, "info", "panic, fatal, error, warn, info, debug or trace"),
          text(CERT_FILE, "/etc/matchbox/server.crt", "the certificate of the gRPC API"),
          text(KEY_FILE, "/etc/matchbox/server.key", "the key of that certificate"),
          text(CA_FILE, "/etc/matchbox/ca.crt", "who signs the certificates of gRPC clients"),
          text(KEY_RING_PATH, "", "the OpenPGP keys to sign with; empty for no signatures"),
          truth(WEB_SSL, "speak HTTPS to nodes, and no HTTP"),
          text(WEB_CERT_FILE, "/etc/matchbox/ssl/server.crt", "the certificate for HTTPS"),
          text(WEB_KEY_FILE, "/etc/matchbox/ssl/server.key", "the key of that certificate"),
          truth(VERSION, "print the version and end"),
          truth(HELP, "print this and end"),
          text(
              CONFIG,
              "",
              "moonboot's own configuration, for what matchbox has not (channels, admin, ...);"
                  + " flags win over it"));

  private static final GoFlags GO = new GoFlags(FLAGS);

  /** What became of the command line and the variables. */
  sealed interface Outcome {
    /** They can be read; whether what they say will do is another matter. */
    record Read(MatchboxFlags flags) implements Outcome {}

    /** The usage is asked for. */
    record Usage() implements Outcome {}

    /** The command line cannot be used. */
    record Wrong(String why) implements Outcome {}

    /** A variable cannot be used. */
    record Fatal(String why) implements Outcome {}
  }

  private record Value(String text, String origin, boolean isDefault) {}

  private final Map<String, Value> values;
  private final @Nullable String passphrase;

  private MatchboxFlags(Map<String, Value> values, @Nullable String passphrase) {
    this.values = values;
    this.passphrase = passphrase;
  }

  private static GoFlags.Flag text(String name, String fallback, String usage) {
    return new GoFlags.Flag(name, false, fallback, usage);
  }

  private static GoFlags.Flag truth(String name, String usage) {
    return new GoFlags.Flag(name, true, "false", usage);
  }

  /** The variable that stands for a flag. */
  static String variable(String flag) {
    return "MATCHBOX_" + flag.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** Whether {@code word} is a flag of matchbox. */
  static boolean isFlag(String word) {
    return GO.isFlag(word);
  }

  static Outcome of(List<String> words, Map<String, String> environment) {
    return switch (GO.parse(words)) {
      case GoFlags.Outcome.Wrong(var why) -> new Outcome.Wrong(why);
      case GoFlags.Outcome.Help() -> new Outcome.Usage();
      case GoFlags.Outcome.Values(var given) -> read(given, environment);
    };
  }

  private static Outcome read(Map<String, String> given, Map<String, String> environment) {
    Map<String, Value> values = new LinkedHashMap<>();
    for (GoFlags.Flag flag : FLAGS) {
      String variable = variable(flag.name());
      String set = flag.name().equals(CONFIG) ? "" : environment.getOrDefault(variable, "");
      String flagged = given.get(flag.name());
      if (flagged != null) {
        values.put(flag.name(), new Value(flagged, "flag -" + flag.name(), false));
      } else if (set.isEmpty()) {
        values.put(flag.name(), new Value(flag.fallback(), "matchbox's default", true));
      } else if (flag.truth() && GoFlags.truth(set).isEmpty()) {
        return new Outcome.Fatal("invalid value \"" + set + "\" for " + variable + ": parse error");
      } else {
        values.put(flag.name(), new Value(set, "variable " + variable, false));
      }
    }
    return new Outcome.Read(new MatchboxFlags(values, environment.get(PASSPHRASE)));
  }

  /** What {@code -help} shows. */
  static String usage() {
    return "Usage of moonboot matchbox:\n"
        + FLAGS.stream()
            .sorted(Comparator.comparing(GoFlags.Flag::name))
            .map(GoFlags.Flag::describe)
            .collect(Collectors.joining());
  }

  private Value value(String flag) {
    Value value = values.get(flag);
    if (value == null) {
      throw new IllegalArgumentException(flag);
    }
    return value;
  }

  String text(String flag) {
    return value(flag).text();
  }

  boolean truth(String flag) {
    return GoFlags.truth(text(flag)).orElse(false);
  }

  /** The path; a relative one starts at the working directory. */
  Path path(String flag) {
    return Path.of(text(flag)).toAbsolutePath();
  }

  /** The passphrase of the key ring; null where there is none. */
  @Nullable String passphrase() {
    return passphrase;
  }

  boolean isDefault(String flag) {
    return value(flag).isDefault();
  }

  /** What a key of ours is set to by a flag: {@code text}, in our form. */
  Given given(String key, String flag, String text) {
    return new Given(key, text, value(flag).origin());
  }
}
