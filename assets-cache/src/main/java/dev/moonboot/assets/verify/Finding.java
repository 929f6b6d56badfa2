package dev.moonboot.assets.verify;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof.Format;

/**
 * What came of one candidate.
 *
 * @param format in which form it stood beside the image
 * @param place where: {@code tag sha256-<hex>.sig, layer 1} or {@code referrer sha256:<hex>}
 * @param subject the digest that it had to cover
 * @param good whether it counts
 * @param text who signed it, or why it does not count
 */
public record Finding(Format format, String place, Digest subject, boolean good, String text) {}
