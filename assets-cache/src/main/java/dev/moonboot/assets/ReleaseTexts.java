package dev.moonboot.assets;

/** Files of a composed release that tell of the others. */
public final class ReleaseTexts {
  /** What base and extensions are and have in them, as an SPDX 2.3 document (JSON). */
  public static final AssetName SBOM = AssetName.file("sbom.spdx.json");

  /**
   * SHA-512 of each file of one architecture but itself and the record, as {@code sha512sum -c}
   * reads it.
   */
  public static final AssetName SHA512 = AssetName.file("SHA512SUMS");

  private ReleaseTexts() {}
}
