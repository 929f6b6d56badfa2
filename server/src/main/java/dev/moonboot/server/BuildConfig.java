package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.build.LockedRecipes;
import dev.moonboot.assets.cache.BuildSettings;
import dev.moonboot.config.Check;
import dev.moonboot.config.ConfigReader;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How what channels are made of is put together here.
 *
 * @param lock the file that holds every input's digest; need not be there
 * @param signingKey PEM file of the key that signs what is composed here; null when nothing is
 *     signed
 * @param threads how many compress at once; at least 1
 */
record BuildConfig(Path lock, @Nullable Path signingKey, int threads) {
  /** What the lock file is called beside the configuration. */
  static final String LOCK = "moonboot.lock";

  static final int MAX_THREADS = 64;

  /** Reads the section {@code build}. */
  static BuildConfig read(ConfigReader in) {
    Path lock =
        in.path(
            "lock",
            "the file with the digest of every input of every build, written by moonboot build lock",
            Path.of(LOCK));
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
        lock, signingKey, threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
  }

  /** How these channels are composed. */
  BuildSettings settings(List<Channel> channels) {
    return new BuildSettings(new LockedRecipes(lock, channels), threads);
  }
}
