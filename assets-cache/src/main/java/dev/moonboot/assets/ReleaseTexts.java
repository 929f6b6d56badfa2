package dev.moonboot.assets;

/** Files of a composed release that tell of the others. */
public final class ReleaseTexts {
  /** What base and extensions are, as an SPDX 2.3 document (JSON). */
  public static final AssetName SBOM = AssetName.file("sbom.spdx.json");

  /** What the base itself says of what is in it, word for word, where it says anything. */
  public static final AssetName BASE_SBOM = AssetName.file("talos.spdx.json");

  /**
   * SHA-512 of each file of one architecture but itself and the record, as {@code sha512sum -c}
   * reads it.
   */
  public static final AssetName SHA512 = AssetName.file("SHA512SUMS");

  private ReleaseTexts() {}
}
