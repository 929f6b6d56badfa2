package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.build.LockFile;
import dev.moonboot.assets.build.LockedRecipes;
import dev.moonboot.assets.cache.BuildSettings;
import dev.moonboot.config.Check;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How what channels are made of is put together here.
 *
 * @param lock the file that holds every input's digest; need not be there
 * @param site what names of builds begin with in the lock file, before a slash; empty for nothing
 * @param signingKey PEM file of the key that signs what is composed here; null when nothing is
 *     signed
 * @param threads how many compress at once; at least 1
 */
record BuildConfig(Path lock, String site, @Nullable Path signingKey, int threads) {
  /** What the lock file is called beside the configuration. */
  static final String LOCK = "moonboot.lock";

  static final int MAX_THREADS = 64;

  private static final Kind<String> SITE =
      new Kind<>("a name such as fra1", BuildConfig::site, text -> text);

  /** Reads the section {@code build}. */
  static BuildConfig read(ConfigReader in) {
    Path lock =
        in.path(
            "lock",
            "the file with the digest of every input of every build, written by moonboot build lock",
            Path.of(LOCK));
    String site =
        in.optional(
                "site",
                "what tells this configuration's builds from those of others in one lock file:"
                    + " entries are called SITE/NAME; without it builds of one name are one",
                SITE)
            .orElse("");
    Path signingKey =
        in.optionalPath(
                "signing-key",
                "PEM file: a private key (ECDSA P-256) that signs what is composed here; without it"
                    + " nothing is signed")
            .orElse(null);
    int threads =
        in.integer(
            "threads",
            "processors that composing takes at once; 0 for all there are. The bytes made are the"
                + " same with any number",
            0,
            Check.atLeast(0),
            Check.atMost(MAX_THREADS));
    return new BuildConfig(
        lock,
        site,
        signingKey,
        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
  }

  /** Whether no other configuration's builds can be taken for those of this one. */
  boolean isOfSite() {
    return !site.isEmpty();
  }

  private static String site(String text) {
    if (!LockFile.isSite(text)) {
      throw new IllegalArgumentException("lower-case letters, digits, . _ and - only, at most 63");
    }
    return text;
  }

  /** How these channels are composed. */
  BuildSettings settings(List<Channel> channels) {
    return new BuildSettings(new LockedRecipes(lock, site, channels), threads);
  }
}
