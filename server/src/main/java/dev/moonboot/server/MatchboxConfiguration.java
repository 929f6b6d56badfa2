package dev.moonboot.server;

import dev.moonboot.config.Configuration;
import dev.moonboot.config.Overlay;
import dev.moonboot.config.Overlay.Given;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An ordinary configuration, made of matchbox's flags. Flags and {@code MATCHBOX_*} variables win
 * over the file of {@code -config}, which wins over matchbox's defaults; {@code MOONBOOT_*}
 * variables win over all. What matchbox has not is off, unless that file or a variable says
 * otherwise.
 */
final class MatchboxConfiguration implements ConfigurationSource {
  private static final System.Logger LOG = System.getLogger(MatchboxConfiguration.class.getName());

  /** Who sets one of these wants the admin listener. */
  private static final Set<String> ADMIN =
      Set.of("MOONBOOT_ADMIN_ADDRESS", "MOONBOOT_ADMIN_TOKENS");

  private final MatchboxFlags flags;
  private final Map<String, String> environment;
  private @Nullable MatchboxHome home;

  private MatchboxConfiguration(MatchboxFlags flags, Map<String, String> environment) {
    this.flags = flags;
    this.environment = environment;
  }

  /** Reads the flags for the first time, and says what is served. */
  static MatchboxConfiguration of(MatchboxFlags flags, Map<String, String> environment) {
    var made = new MatchboxConfiguration(flags, environment);
    ApplianceConfig config = made.load(MatchboxHome.beside(made.data())).value();
    LOG.log(
        Level.INFO,
        "in place of matchbox address={0} data={1} assets={2}",
        flags.text(MatchboxFlags.ADDRESS),
        config.data(),
        config.http().staticFiles() == null ? "off" : config.http().staticFiles());
    Path home = MatchboxHome.beside(made.data());
    if (config.state().startsWith(home) || config.cache().startsWith(home)) {
      made.home = MatchboxHome.open(made.data());
    }
    made.warnOfSecrets(config);
    return made;
  }

  private Path data() {
    return flags.path(MatchboxFlags.DATA_PATH);
  }

  /** Matchbox gives everything below its assets to everybody. */
  private void warnOfSecrets(ApplianceConfig config) {
    Path assets = config.http().staticFiles();
    if (assets != null && Files.isDirectory(assets.resolve("machine"))) {
      LOG.log(
          Level.WARNING,
          "files below /assets/machine/ are taken for machine configs, which only nodes with a"
              + " ticket may read: MOONBOOT_MACHINE_CONFIGS_PATHS names others, and"
              + " MOONBOOT_MACHINE_CONFIGS_ACCESS=open gives them to everybody, as matchbox does");
    }
  }

  @Override
  public Configuration<ApplianceConfig> read() {
    MatchboxHome opened = home;
    return load(opened == null ? MatchboxHome.beside(data()) : opened.folder());
  }

  private Configuration<ApplianceConfig> load(Path home) {
    String file = flags.text(MatchboxFlags.CONFIG);
    return Configuration.load(
        file.isEmpty() ? null : Path.of(file),
        environment,
        new Overlay(over(), under(home)),
        in -> ApplianceConfig.read(in, flags.passphrase()));
  }

  private List<Given> over() {
    return settings().stream().filter(set -> !set.isDefault()).map(Setting::given).toList();
  }

  private List<Given> under(Path home) {
    List<Given> under =
        new ArrayList<>(
            settings().stream().filter(Setting::isDefault).map(Setting::given).toList());
    String origin = "beside matchbox's data";
    under.add(new Given("state", home.resolve("state").toString(), origin));
    under.add(new Given("cache", home.resolve("cache").toString(), origin));
    String none = "as matchbox has none";
    under.add(new Given("tftp.enabled", "false", none));
    under.add(
        new Given("readable-keys", "true", "as matchbox does")); // Kubernetes mounts secrets so
    boolean admin = !flags.isDefault(MatchboxFlags.CONFIG);
    if (!admin && ADMIN.stream().noneMatch(environment::containsKey)) {
      under.add(new Given("admin.enabled", "false", none));
    }
    return under;
  }

  private record Setting(boolean isDefault, Given given) {}

  private List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    settings.add(
        setting(
            "http.address",
            MatchboxFlags.ADDRESS,
            GoAddress.literal(flags.text(MatchboxFlags.ADDRESS))));
    settings.add(setting("data", MatchboxFlags.DATA_PATH, data().toString()));
    String assets = flags.text(MatchboxFlags.ASSETS_PATH);
    settings.add(
        setting(
            "static",
            MatchboxFlags.ASSETS_PATH,
            assets.isEmpty() ? "" : flags.path(MatchboxFlags.ASSETS_PATH).toString()));
    if (flags.truth(MatchboxFlags.WEB_SSL)) {
      settings.add(path("http.tls.certificate", MatchboxFlags.WEB_CERT_FILE));
      settings.add(path("http.tls.key", MatchboxFlags.WEB_KEY_FILE));
    }
    if (!flags.text(MatchboxFlags.KEY_RING_PATH).isEmpty()) {
      settings.add(path("signing.key-ring", MatchboxFlags.KEY_RING_PATH));
    }
    String rpc = flags.text(MatchboxFlags.RPC_ADDRESS);
    if (!rpc.isEmpty()) {
      settings.add(setting("grpc.address", MatchboxFlags.RPC_ADDRESS, GoAddress.literal(rpc)));
      settings.add(path("grpc.certificate", MatchboxFlags.CERT_FILE));
      settings.add(path("grpc.key", MatchboxFlags.KEY_FILE));
      settings.add(path("grpc.client-ca", MatchboxFlags.CA_FILE));
    }
    return settings;
  }

  private Setting path(String key, String flag) {
    return setting(key, flag, flags.path(flag).toString());
  }

  private Setting setting(String key, String flag, String text) {
    return new Setting(flags.isDefault(flag), flags.given(key, flag, text));
  }

  @Override
  public void ended() {
    if (home != null) {
      home.discard();
    }
  }
}
