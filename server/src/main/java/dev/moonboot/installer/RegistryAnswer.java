package dev.moonboot.installer;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import dev.moonboot.release.AssetLookup;
import java.time.Duration;
import java.util.List;

/** What a path below {@code /v2/} means (OCI distribution-spec, "Endpoints"). */
public sealed interface RegistryAnswer {
  /** {@code /v2/} itself: a registry is here. */
  record Here() implements RegistryAnswer {}

  /**
   * A file of a release.
   *
   * @param type its media type
   */
  record File(AssetLookup.Found found, String type) implements RegistryAnswer {}

  /**
   * Bytes in memory.
   *
   * @param type their media type
   * @param immutable whether they were asked for by digest
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Document(byte[] bytes, String type, boolean immutable) implements RegistryAnswer {
    /** By which a registry knows it. */
    public Digest digest() {
      return Digest.of(bytes);
    }
  }

  /** All tags of a repository, sorted. */
  record Tags(String repository, List<String> tags) implements RegistryAnswer {
    public Tags {
      tags = List.copyOf(tags);
    }
  }

  /** Descriptors of what refers to an image, which may be nothing. */
  record Referrers(List<Json.Obj> descriptors) implements RegistryAnswer {
    public Referrers {
      descriptors = List.copyOf(descriptors);
    }
  }

  /** The repository has no image yet, or none that can be served now. */
  record NotReady(String repository) implements RegistryAnswer {}

  /**
   * It is being made, and whoever asked waited long enough.
   *
   * @param again when to ask again
   */
  record Later(String why, Duration again) implements RegistryAnswer {}

  /**
   * It cannot be made.
   *
   * @param status 400 or 404, or 503 where it may be another time
   * @param again when it may be
   */
  record Refused(int status, String why, Duration again) implements RegistryAnswer {}

  /** There is no such thing. */
  record Unknown(Code code, String why) implements RegistryAnswer {}

  /** OCI distribution-spec, "Error Codes". */
  enum Code {
    NAME_UNKNOWN,
    MANIFEST_UNKNOWN,
    MANIFEST_INVALID,
    BLOB_UNKNOWN,
    DIGEST_INVALID
  }
}
