package dev.moonboot.installer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The installer image of one architecture as one tar file that {@code docker load} takes: the
 * configuration and the layers as the registry gives them, and behind them {@code manifest.json},
 * which names them and the image (moby, image/spec, "Combined Image JSON + Filesystem Changeset
 * Format"; the order and packed layers as go-containerregistry writes them for Talos's imager).
 *
 * <p>It stands in no file: most of its bytes are those of files that are kept anyway. Equal images
 * of equal names are equal archives.
 *
 * @param pieces its bytes, in this order
 * @param identity another one for other bytes; not their hash, for which all would have to be read
 */
public record DockerArchive(List<Piece> pieces, Digest identity) {
  private static final int BLOCK = 512;

  /** What of an archive lies in one place. */
  public sealed interface Piece {
    /** In bytes. */
    long length();

    /** Bytes in memory. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bytes(byte[] bytes) implements Piece {
      @Override
      public long length() {
        return bytes.length;
      }
    }

    /** All of a file. */
    record File(Asset asset) implements Piece {
      @Override
      public long length() {
        return asset.size();
      }
    }
  }

  public DockerArchive {
    pieces = List.copyOf(pieces);
  }

  /**
   * The archive of a release's installer image.
   *
   * @param reference by which it is to be known where it is loaded: {@code
   *     10.0.0.1:8080/installer/compute:v1.13.9}
   * @return empty when the release has no such image
   * @throws IOException when the image's manifest cannot be read
   */
  public static Optional<DockerArchive> of(Release release, Arch arch, String reference)
      throws IOException {
    Optional<Asset> manifest = release.asset(arch, InstallerFiles.MANIFEST);
    Optional<Asset> config = release.asset(arch, InstallerFiles.CONFIG);
    if (manifest.isEmpty() || config.isEmpty()) {
      return Optional.empty();
    }
    Writing writing = new Writing();
    String configName = config.get().digest().hex() + ".json";
    writing.file(configName, config.get());
    List<String> suffixes = suffixes(Files.readString(manifest.get().file()));
    List<Json> layers = new ArrayList<>();
    for (int number = 0; number < suffixes.size(); number++) {
      Asset layer = release.asset(arch, InstallerFiles.layer(number)).orElseThrow();
      String name = layer.digest().hex() + suffixes.get(number);
      if (!layers.contains(new Json.Str(name))) {
        writing.file(name, layer);
      }
      layers.add(new Json.Str(name));
    }
    Map<String, Json> image = new LinkedHashMap<>();
    image.put("Config", new Json.Str(configName));
    image.put("RepoTags", new Json.Arr(List.of(new Json.Str(reference))));
    image.put("Layers", new Json.Arr(layers));
    writing.text("manifest.json", new Json.Arr(List.of(new Json.Obj(image))).compact());
    String identity = "docker-archive\n" + manifest.get().digest() + "\n" + reference;
    return Optional.of(new DockerArchive(writing.ended(), Digest.of(identity.getBytes(UTF_8))));
  }

  /** What the layers' names end with, for people: readers look into the files. */
  private static List<String> suffixes(String manifest) {
    List<String> suffixes = new ArrayList<>();
    if (JsonText.parse(manifest) instanceof Json.Obj object) {
      for (Json layer : object.array("layers").orElse(List.of())) {
        String type = ((Json.Obj) layer).text("mediaType").orElse("");
        suffixes.add(
            type.endsWith("gzip") ? ".tar.gz" : type.endsWith("zstd") ? ".tar.zst" : ".tar");
      }
    }
    return suffixes;
  }

  /** In bytes. */
  public long length() {
    return pieces.stream().mapToLong(Piece::length).sum();
  }

  /** Puts pieces together; "ustar" (POSIX.1-2017, pax), owner and time 0. */
  private static final class Writing {
    private final List<Piece> pieces = new ArrayList<>();

    void file(String name, Asset asset) {
      pieces.add(new Piece.Bytes(header(name, asset.size())));
      pieces.add(new Piece.File(asset));
      pieces.add(new Piece.Bytes(new byte[padding(asset.size())]));
    }

    void text(String name, String text) {
      byte[] bytes = text.getBytes(UTF_8);
      pieces.add(new Piece.Bytes(header(name, bytes.length)));
      pieces.add(new Piece.Bytes(Arrays.copyOf(bytes, bytes.length + padding(bytes.length))));
    }

    List<Piece> ended() {
      pieces.add(new Piece.Bytes(new byte[2 * BLOCK]));
      return pieces;
    }

    private static int padding(long size) {
      return (int) (-size & (BLOCK - 1));
    }

    private static byte[] header(String name, long size) {
      byte[] block = new byte[BLOCK];
      put(block, 0, name);
      put(block, 100, "0000644");
      put(block, 108, "0000000"); // owner
      put(block, 116, "0000000"); // group
      String octal = Long.toOctalString(size);
      put(block, 124, "0".repeat(11 - octal.length()) + octal);
      put(block, 136, "00000000000"); // time
      block[156] = '0';
      put(block, 257, "ustar\0" + "00");
      put(block, 329, "0000000");
      put(block, 337, "0000000");
      Arrays.fill(block, 148, 156, (byte) ' '); // counts as blanks in its own sum
      int sum = 0;
      for (byte b : block) {
        sum += b & 0xff;
      }
      String octalSum = Integer.toOctalString(sum);
      put(block, 148, "0".repeat(6 - octalSum.length()) + octalSum + "\0");
      return block;
    }

    private static void put(byte[] block, int at, String text) {
      byte[] bytes = text.getBytes(US_ASCII);
      System.arraycopy(bytes, 0, block, at, bytes.length);
    }
  }
}
