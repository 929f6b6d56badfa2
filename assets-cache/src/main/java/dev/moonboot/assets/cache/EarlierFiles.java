package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a build that was composed into a folder before has there, by its own records. What the next
 * one does not replace is deleted: kernel, initramfs and installer image of two releases side by
 * side would be taken for one.
 */
final class EarlierFiles {
  private static final String CHECKSUM = ".sha256";
  private static final String SIGNATURE = ".sigstore.json";

  private final Path folder;
  private final List<Path> files;

  private EarlierFiles(Path folder, List<Path> files) {
    this.folder = folder;
    this.files = files;
  }

  /** Reads what there is. */
  static EarlierFiles in(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Arch arch : Arch.values()) {
      Path record = folder.resolve(AssetName.RECORD.flatName(arch));
      List<AssetName> listed = listed(record);
      if (!listed.isEmpty()) {
        listed.forEach(name -> files.add(folder.resolve(name.flatName(arch))));
        files.add(folder.resolve(arch.id()).resolve(PullFolder.SUMS));
        files.add(record);
      }
    }
    return new EarlierFiles(folder, files);
  }

  /** Empty for what no build wrote: that is somebody else's. */
  private static List<AssetName> listed(Path record) throws IOException {
    try {
      if (JsonText.parse(Files.readString(record)) instanceof Json.Obj of
          && of.object("recipe").isPresent()) {
        return of.object("assets").map(Json.Obj::members).orElse(Map.of()).keySet().stream()
            .flatMap(name -> AssetName.ofFileName(name).stream())
            .toList();
      }
    } catch (NoSuchFileException | CharacterCodingException | JsonException e) {
      // nothing is known, and nothing deleted
    }
    return List.of();
  }

  /** Deletes all that is not among the files that are there now, and signatures of their names. */
  void deleteBut(List<ImagePull.PulledFile> now) throws IOException {
    Set<Path> placed = now.stream().map(ImagePull.PulledFile::file).collect(Collectors.toSet());
    for (Path file : files) {
      Files.deleteIfExists(beside(file, SIGNATURE));
      if (!placed.contains(file) && !isListOf(file, placed)) {
        Files.deleteIfExists(beside(file, CHECKSUM));
        Files.deleteIfExists(file);
        deleteEmpty(file.getParent());
      }
    }
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** Whether it is the list of checksums of a folder that has some of these. */
  private static boolean isListOf(Path file, Set<Path> placed) {
    return file.endsWith(PullFolder.SUMS)
        && placed.stream().anyMatch(one -> one.startsWith(file.resolveSibling("")));
  }

  private void deleteEmpty(@Nullable Path within) throws IOException {
    try {
      for (Path at = within; at != null && !at.equals(folder); at = at.getParent()) {
        Files.deleteIfExists(at);
      }
    } catch (DirectoryNotEmptyException e) {
      // there is more in it
    }
  }
}
