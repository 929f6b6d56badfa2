package dev.moonboot.assets.verify;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.assets.registry.Artifact;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.Referrers;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fetches what may be signatures of an image, in the order in which the registry lists it, until
 * the limits of the policy are reached.
 */
final class SignatureSearch {
  /** Manifests and documents of all signatures together, in bytes. */
  private static final int MAX_TOTAL = 4 << 20;

  /** The manifest of one bundle, in bytes. */
  private static final int MAX_BUNDLE_MANIFEST = 64 << 10;

  private static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";

  /** What stands at one place: a candidate, or the reason why there is none. */
  sealed interface Found {
    record Read(Candidate candidate, String place) implements Found {}

    record Unreadable(Finding finding) implements Found {}
  }

  private final Registry registry;
  private final TrustPolicy.Limits limits;
  private final List<Found> found = new ArrayList<>();
  private int tried;
  private int room = MAX_TOTAL;
  private boolean cut;

  SignatureSearch(Registry registry, TrustPolicy.Limits limits) {
    this.registry = registry;
    this.limits = limits;
  }

  /**
   * Looks for signatures of {@code subject} in these forms.
   *
   * @throws RegistryException when the registry could not be asked
   */
  void look(Digest subject, List<Format> formats) {
    for (Format format : formats) {
      switch (format) {
        case LEGACY_TAG -> legacy(subject);
        case BUNDLE_V03 -> bundles(subject);
      }
    }
  }

  /** All that was found so far. */
  List<Found> found() {
    return List.copyOf(found);
  }

  /** Whether there is more than was looked at. */
  boolean isCut() {
    return cut;
  }

  private void legacy(Digest subject) {
    String tag = subject.fileName() + ".sig";
    attempt(
        Format.LEGACY_TAG,
        subject,
        "tag " + tag,
        () -> {
          Optional<Digest> manifest = resolve(tag);
          if (manifest.isEmpty()) {
            return;
          }
          Artifact artifact = artifact(manifest.get(), MAX_TOTAL);
          List<Artifact.Layer> layers =
              artifact.layers().stream()
                  .filter(layer -> layer.descriptor().mediaType().equals(SIMPLE_SIGNING))
                  .toList();
          for (int i = 0; i < layers.size() && next(); i++) {
            Artifact.Layer layer = layers.get(i);
            String place = "tag " + tag + ", layer " + (i + 1);
            attempt(
                Format.LEGACY_TAG,
                subject,
                place,
                () -> {
                  byte[] payload = document(layer.descriptor());
                  var candidate =
                      new Candidate.SimpleSigning(subject, payload, layer.annotations());
                  found.add(new Found.Read(candidate, place));
                });
          }
        });
  }

  private Optional<Digest> resolve(String tag) {
    try {
      return Optional.of(registry.resolve(tag));
    } catch (RegistryException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void bundles(Digest subject) {
    attempt(
        Format.BUNDLE_V03,
        subject,
        "referrers of " + subject,
        () -> {
          Referrers referrers = registry.referrers(subject, KeySignature.BUNDLE_TYPE);
          cut |= referrers.cut();
          for (Descriptor descriptor : referrers.artifacts()) {
            if (!next()) {
              return;
            }
            String place = "referrer " + descriptor.digest();
            attempt(
                Format.BUNDLE_V03,
                subject,
                place,
                () -> bundle(subject, descriptor.digest(), place));
          }
        });
  }

  private void bundle(Digest subject, Digest digest, String place) {
    Artifact artifact = artifact(digest, MAX_BUNDLE_MANIFEST);
    if (!artifact.type().equals(KeySignature.BUNDLE_TYPE)) {
      return; // the list did not say what it is: something else
    }
    if (!subject.equals(artifact.subject())) {
      throw new UnusableException("its manifest belongs to another image");
    }
    if (artifact.layers().size() != 1) {
      throw new UnusableException(
          "its manifest has %d layers, not one".formatted(artifact.layers().size()));
    }
    Descriptor layer = artifact.layers().getFirst().descriptor();
    if (!layer.mediaType().equals(KeySignature.BUNDLE_TYPE)) {
      throw new UnusableException("its layer is of type " + Documents.shown(layer.mediaType()));
    }
    found.add(new Found.Read(new Candidate.Bundle(subject, document(layer)), place));
  }

  private boolean next() {
    if (tried == limits.signatures()) {
      cut = true;
      return false;
    }
    tried++;
    return true;
  }

  private Artifact artifact(Digest digest, int max) {
    Artifact artifact = registry.artifact(digest, Math.min(max, room));
    room -= artifact.size();
    return artifact;
  }

  private byte[] document(Descriptor descriptor) {
    byte[] document = registry.read(descriptor, Math.min(limits.bytes(), room));
    room -= document.length;
    return document;
  }

  /** What is wrong with one signature must not hide the others; what is with the registry must. */
  private void attempt(Format format, Digest subject, String place, Runnable work) {
    try {
      work.run();
    } catch (UnusableException e) {
      unreadable(format, subject, place, e.why());
    } catch (RegistryException e) {
      switch (e.reason()) {
        case NOT_FOUND, DIGEST_MISMATCH, TOO_LARGE, MALFORMED, UNSUPPORTED, NO_PLATFORM ->
            unreadable(format, subject, place, String.valueOf(e.getMessage()));
        case AUTH_FAILED, AUTH_REALM_REFUSED, REDIRECT_REFUSED, BUSY, UNREACHABLE, LOCAL_IO ->
            throw e;
      }
    }
  }

  private void unreadable(Format format, Digest subject, String place, String why) {
    found.add(new Found.Unreadable(new Finding(format, place, subject, false, why)));
  }
}
