package dev.moonboot.assets.compose;

/**
 * What {@code extensions.yaml} says of one layer, and so what a node reports of it (Talos, {@code
 * pkg/machinery/extensions/metadata.go}). Texts are as the extension's manifest has them.
 *
 * @param talos the Talos versions it is for: {@code >= v1.5.0}; empty for all
 * @param extraInfo empty for none
 */
public record LayerMetadata(
    String name,
    String version,
    String author,
    String description,
    String talos,
    String extraInfo) {
  /** {@code frr v1.0.2}, for people. */
  public String label() {
    return version.isEmpty() ? name : name + " " + version;
  }
}
