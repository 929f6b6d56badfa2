package dev.moonboot.assets.extract;

/**
 * How much an image may make us read, write and remember.
 *
 * @param layerBytes of one unpacked layer
 * @param imageBytes of all unpacked layers of an image
 * @param ratio unpacked to packed bytes of a layer, looked at after {@code ratioFrom} bytes
 * @param entries tar headers in all layers read
 * @param metadataBytes of extended headers before one tar entry
 * @param nameBytes of all paths and links' targets kept in memory
 * @param kernelBytes of a kernel
 * @param initramfsBytes of an initramfs
 * @param ukiBytes of a unified kernel image
 * @param files taken as they are, in all
 * @param fileBytes of one of them
 * @param allFileBytes of all of them
 * @param treeNodes files, directories and links of an image whose whole tree is taken
 * @param treeBytes of all files of such an image
 */
record Limits(
    long layerBytes,
    long imageBytes,
    long ratio,
    long ratioFrom,
    int entries,
    int metadataBytes,
    long nameBytes,
    long kernelBytes,
    long initramfsBytes,
    long ukiBytes,
    int files,
    long fileBytes,
    long allFileBytes,
    int treeNodes,
    long treeBytes) {
  private static final long MIB = 1 << 20;

  static final Limits DEFAULT =
      new Limits(
          2048 * MIB,
          4096 * MIB,
          200,
          64 * MIB,
          100_000,
          64 << 10,
          32 * MIB,
          256 * MIB,
          1024 * MIB,
          1536 * MIB,
          2000,
          64 * MIB,
          512 * MIB,
          100_000,
          2048 * MIB);

  /** What an image has used of its limits; counts over all its layers. */
  static final class Used {
    private final Limits limits;
    private int entries;
    private long names;
    private long unpacked;

    Used(Limits limits) {
      this.limits = limits;
    }

    Limits limits() {
      return limits;
    }

    void entry() {
      if (++entries > limits.entries) {
        throw new ExtractException(
            "the image has more than " + limits.entries + " tar entries; it is not read further");
      }
    }

    void name(String path) {
      names += path.length();
      if (names > limits.nameBytes) {
        throw new ExtractException(
            "the paths and links in the image are longer than "
                + bytes(limits.nameBytes)
                + " in all; it is not read further");
      }
    }

    void unpacked(int bytes) {
      unpacked += bytes;
      if (unpacked > limits.imageBytes) {
        throw new ExtractException(
            "the image's layers unpack to more than " + bytes(limits.imageBytes));
      }
    }
  }

  /** For people: {@code 256 MiB}, {@code 17 bytes}. */
  static String bytes(long count) {
    return count >= MIB ? count / MIB + " MiB" : count + " bytes";
  }
}
