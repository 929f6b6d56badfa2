package dev.moonboot.http;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Release;
import dev.moonboot.installer.ArchiveSums;
import dev.moonboot.installer.DockerArchive;
import dev.moonboot.installer.DockerArchive.Piece;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Installer images as tar files, put together of a release's files while they are sent. Their
 * entity tag is not the hash of their bytes, for which all would have to be read before any is
 * sent.
 */
final class InstallerTars {
  private static final Map<String, String> CACHE = Map.of("Cache-Control", "no-cache");

  private final ReleaseAssets ours;
  private final ArchiveSums sums = new ArchiveSums();

  InstallerTars(ReleaseAssets ours) {
    this.ours = ours;
  }

  /**
   * What is asked for.
   *
   * @param image by which it is to be known where it is loaded
   * @param name of the file
   * @param beside {@code .sha256} or {@code .sha512} for what stands beside it, else empty
   */
  record Wanted(Arch arch, String image, String name, String beside) {}

  /** The archive, or what stands beside it; empty when the release has none. */
  Optional<Reply> answer(Request request, Release release, Wanted wanted) throws IOException {
    Optional<DockerArchive> archive = DockerArchive.of(release, wanted.arch(), wanted.image());
    if (archive.isEmpty()) {
      return Optional.empty();
    }
    return switch (wanted.beside()) {
      case "" -> Optional.of(ours.send(request, whole(release, archive.get())));
      case ".sha256" ->
          Optional.of(checksum(request, sums.of(archive.get()).sha256(), wanted.name()));
      case ".sha512" ->
          Optional.of(checksum(request, sums.of(archive.get()).sha512(), wanted.name()));
      default -> Optional.empty();
    };
  }

  private static Reply checksum(Request request, String sum, String name) {
    return ReleaseAssets.checksum(request, CACHE, sum + "  " + name + "\n");
  }

  private ReleaseAssets.Whole whole(Release release, DockerArchive archive) {
    Map<String, String> identity = new LinkedHashMap<>(CACHE);
    identity.put("ETag", "\"" + archive.identity().fileName() + "\"");
    return new ReleaseAssets.Whole(
        release, archive.length(), identity, Map.of(), part -> open(archive, part));
  }

  private Body open(DockerArchive archive, ByteRange.Part part) throws IOException {
    List<Body> bodies = new ArrayList<>();
    try {
      long at = 0;
      for (Piece piece : archive.pieces()) {
        long first = Math.max(part.first(), at);
        long end = Math.min(part.first() + part.length(), at + piece.length());
        if (first < end) {
          bodies.add(open(piece, new ByteRange.Part(first - at, end - first)));
        }
        at += piece.length();
      }
    } catch (IOException | RuntimeException e) {
      new Body.Joined(bodies).close();
      throw e;
    }
    return new Body.Joined(bodies);
  }

  private Body open(Piece piece, ByteRange.Part part) throws IOException {
    return switch (piece) {
      case Piece.Bytes(var bytes) -> new Body.Bytes(part.of(bytes));
      case Piece.File(var asset) -> ours.open(asset, part);
    };
  }
}
