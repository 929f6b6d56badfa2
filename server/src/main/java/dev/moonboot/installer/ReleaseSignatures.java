package dev.moonboot.installer;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.verify.SignatureForms;
import dev.moonboot.assets.verify.SigningKey;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The signatures of releases that are composed here: a bundle for each file, and two forms beside
 * each installer image. Nothing of a release is read for that, since its digests are known. Readers
 * take no lock.
 */
public final class ReleaseSignatures {
  /** What the file beside a signed one ends with. */
  public static final String SUFFIX = ".sigstore.json";

  /** Of some hundreds of releases; a few MiB. */
  private static final int MOST_KEPT = 20_000;

  /**
   * What is attached to an installer image.
   *
   * @param legacy stands under the tag {@code sha256-<hex>.sig}
   * @param bundle refers to the image
   */
  record OfImage(SignatureForms.Attached legacy, SignatureForms.Attached bundle) {
    List<SignatureForms.Attached> all() {
      return List.of(legacy, bundle);
    }
  }

  private record Signed(Map<Digest, String> files, Map<Digest, OfImage> images) {
    static final Signed NOTHING = new Signed(Map.of(), Map.of());
  }

  private final @Nullable SigningKey key;
  private final @Nullable KeptSignatures kept;
  private final AtomicReference<Signed> signed = new AtomicReference<>(Signed.NOTHING);
  private Map<Digest, byte[]> known;
  private Map<Digest, Release> shown = Map.of();

  private ReleaseSignatures(@Nullable SigningKey key, @Nullable KeptSignatures kept) {
    this.key = key;
    this.kept = kept;
    this.known = kept == null ? Map.of() : kept.read();
  }

  /** Nothing is signed. */
  public static ReleaseSignatures none() {
    return new ReleaseSignatures(null, null);
  }

  /**
   * What that key signs.
   *
   * @param state the folder in which signatures are kept once they are made
   */
  public static ReleaseSignatures open(SigningKey key, Path state) {
    return new ReleaseSignatures(
        key, new KeptSignatures(state.resolve("signatures.json"), key.fingerprint()));
  }

  /** The public key in PEM; empty when nothing is signed. */
  public Optional<String> publicKey() {
    return Optional.ofNullable(key).map(SigningKey::publicPem);
  }

  /** Signs what of these was composed here, too. Not for the boot path. */
  public synchronized void add(Collection<Release> coming) {
    Map<Digest, Release> all = new HashMap<>(shown);
    coming.forEach(release -> all.put(release.digest(), release));
    sign(all.values());
  }

  /**
   * Signs what of these was composed here, and shows no others. Not for the boot path.
   *
   * @param held asked when it is one's turn: what it was before may have been overtaken
   */
  public synchronized void sign(Supplier<List<Release>> held) {
    sign(held.get());
  }

  private void sign(Collection<Release> held) {
    if (key == null || kept == null) {
      return;
    }
    shown = held.stream().collect(toMap(Release::digest, identity(), (a, _) -> a));
    SigningKey signer = key;
    Map<Digest, byte[]> used = new HashMap<>();
    var forms =
        new SignatureForms(
            key.fingerprint(),
            hash ->
                used.computeIfAbsent(
                    hash,
                    _ ->
                        Optional.ofNullable(known.get(hash))
                            .orElseGet(() -> signer.signHash(hash))));
    Map<Digest, String> files = new HashMap<>();
    Map<Digest, OfImage> images = new HashMap<>();
    held.stream()
        .filter(Release::isComposed)
        .forEach(release -> sign(release, forms, files, images));
    if (!known.keySet().containsAll(used.keySet())) {
      keep(used, kept);
    }
    signed.set(new Signed(Map.copyOf(files), Map.copyOf(images)));
  }

  /** Releases come one after the other when we start, so none is forgotten for not being here. */
  private void keep(Map<Digest, byte[]> used, KeptSignatures file) {
    Map<Digest, byte[]> all = new HashMap<>(used);
    if (used.size() + known.size() <= MOST_KEPT) {
      all.putAll(known);
    }
    file.write(all);
    known = all;
  }

  private static void sign(
      Release release,
      SignatureForms forms,
      Map<Digest, String> files,
      Map<Digest, OfImage> images) {
    for (Build build : release.builds().values()) {
      for (Asset asset : build.assets().values()) {
        files.computeIfAbsent(asset.digest(), forms::ofFile);
      }
    }
    InstallerFiles.index(release)
        .ifPresent(index ->
            images.computeIfAbsent(
                index.digest(),
                digest ->
                    new OfImage(
                        forms.legacy(digest, InstallerRepositories.repository(release)),
                        forms.bundle(digest, InstallerFiles.INDEX_TYPE, index.size()))));
  }

  /** The bundle of an asset; empty when it is not signed. */
  public Optional<String> bundle(Asset asset) {
    return Optional.ofNullable(signed.get().files().get(asset.digest()));
  }

  /** What is attached to the image of that digest. */
  Optional<OfImage> image(Digest index) {
    return Optional.ofNullable(signed.get().images().get(index));
  }
}
