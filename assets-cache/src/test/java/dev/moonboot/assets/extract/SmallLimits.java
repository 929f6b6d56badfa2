package dev.moonboot.assets.extract;

/** Limits that small tests can reach; all others are as they are. */
final class SmallLimits {
  private static final Limits D = Limits.DEFAULT;

  private SmallLimits() {}

  static Limits kernel(long bytes) {
    return of(D.layerBytes(), D.imageBytes(), D.entries(), bytes);
  }

  static Limits files(int files, long bytes, long allBytes) {
    return new Limits(
        D.layerBytes(),
        D.imageBytes(),
        D.ratio(),
        D.ratioFrom(),
        D.entries(),
        D.metadataBytes(),
        D.nameBytes(),
        D.kernelBytes(),
        D.initramfsBytes(),
        D.ukiBytes(),
        files,
        bytes,
        allBytes,
        D.treeNodes(),
        D.treeBytes());
  }

  static Limits tree(int nodes, long bytes) {
    return new Limits(
        D.layerBytes(),
        D.imageBytes(),
        D.ratio(),
        D.ratioFrom(),
        D.entries(),
        D.metadataBytes(),
        D.nameBytes(),
        D.kernelBytes(),
        D.initramfsBytes(),
        D.ukiBytes(),
        D.files(),
        D.fileBytes(),
        D.allFileBytes(),
        nodes,
        bytes);
  }

  static Limits layers(long layer, long image) {
    return of(layer, image, D.entries(), D.kernelBytes());
  }

  static Limits entries(int entries) {
    return of(D.layerBytes(), D.imageBytes(), entries, D.kernelBytes());
  }

  private static Limits of(long layer, long image, int entries, long kernel) {
    return new Limits(
        layer,
        image,
        D.ratio(),
        D.ratioFrom(),
        entries,
        D.metadataBytes(),
        D.nameBytes(),
        kernel,
        D.initramfsBytes(),
        D.ukiBytes(),
        D.files(),
        D.fileBytes(),
        D.allFileBytes(),
        D.treeNodes(),
        D.treeBytes());
  }
}
