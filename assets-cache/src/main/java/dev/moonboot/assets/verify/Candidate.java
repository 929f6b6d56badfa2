package dev.moonboot.assets.verify;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof.Format;
import java.util.Map;

/** Something that may be a signature of an image, as it was read; nothing of it is believed. */
public sealed interface Candidate {
  /** The digest that it must cover to be of use. */
  Digest subject();

  /** The form it stands in. */
  Format format();

  /**
   * A payload in cosign's first form, "simple signing", and what is written beside it.
   *
   * @param payload the bytes that are signed: at most 128 KiB
   * @param annotations of its layer: {@code dev.cosignproject.cosign/signature} and, where keyless,
   *     {@code dev.sigstore.cosign/certificate}, {@code …/chain} and {@code …/bundle}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record SimpleSigning(Digest subject, byte[] payload, Map<String, String> annotations)
      implements Candidate {
    public SimpleSigning {
      annotations = Map.copyOf(annotations);
    }

    @Override
    public Format format() {
      return Format.LEGACY_TAG;
    }
  }

  /**
   * A Sigstore bundle (protobuf-specs, {@code sigstore_bundle.proto}) in JSON.
   *
   * @param document at most 128 KiB
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bundle(Digest subject, byte[] document) implements Candidate {
    @Override
    public Format format() {
      return Format.BUNDLE_V03;
    }
  }
}
