package dev.moonboot.assets.cache;

import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.verify.AdmissionPolicy;
import java.nio.file.Path;

/**
 * Where a cache is and what it may take in.
 *
 * @param root where releases are; all of it can be had again from the registry
 * @param state where it is kept what channels name and named: what no registry can give back
 * @param registry how registries are reached
 * @param keep how many releases a channel keeps besides its head; at least 0
 * @param policy which images may become releases, and which releases may still be served
 * @param quota bytes that the root may take on its disk; {@link #NO_QUOTA} for as much as there is
 * @param build how releases are composed
 */
public record CacheSettings(
    Path root,
    Path state,
    RegistrySettings registry,
    int keep,
    AdmissionPolicy policy,
    long quota,
    BuildSettings build) {
  public static final long NO_QUOTA = CacheLimits.UNLIMITED;

  /** Whose root may take as much of its disk as there is, but for a reserve. */
  public CacheSettings(
      Path root, Path state, RegistrySettings registry, int keep, AdmissionPolicy policy) {
    this(root, state, registry, keep, policy, NO_QUOTA);
  }

  /** That composes as {@link BuildSettings#DEFAULT} says. */
  public CacheSettings(
      Path root,
      Path state,
      RegistrySettings registry,
      int keep,
      AdmissionPolicy policy,
      long quota) {
    this(root, state, registry, keep, policy, quota, BuildSettings.DEFAULT);
  }

  /** The same with another quota. */
  public CacheSettings withQuota(long bytes) {
    return new CacheSettings(root, state, registry, keep, policy, bytes, build);
  }

  /** The same that composes otherwise. */
  public CacheSettings with(BuildSettings other) {
    return new CacheSettings(root, state, registry, keep, policy, quota, other);
  }

  /** Lets in whatever can be booted, signed or not. */
  public static CacheSettings unchecked(
      Path root, Path state, RegistrySettings registry, int keep) {
    return new CacheSettings(root, state, registry, keep, AdmissionPolicy.OFF);
  }
}
