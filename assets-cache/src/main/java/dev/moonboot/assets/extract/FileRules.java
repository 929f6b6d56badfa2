package dev.moonboot.assets.extract;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.extract.BootFiles.Found;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which files of an image are taken as they are, and what they are called in a release. */
sealed interface FileRules permits LoaderRules, FirmwareRules {
  /** Whether the file stands where files are taken from. */
  boolean concerns(String path);

  /** Whether the file may be taken, so that it is kept when it goes by. */
  boolean mayTake(String path);

  /**
   * What is taken of all that is there.
   *
   * @param paths every visible path that {@link #concerns} accepted, sorted
   */
  Choice choose(List<String> paths);

  /** Why a file's content will not do under that name; empty when it will. */
  Optional<String> problem(AssetName.File name, Found file);

  /**
   * Says what is missing of a release.
   *
   * @param refused why each of the files that would not do did not, with its path
   * @param paths what the image has
   * @throws ExtractException when something is
   */
  void require(Map<AssetName.File, Found> taken, List<String> refused, List<String> paths);

  /**
   * What is to be taken.
   *
   * @param layout what the files were found as, for people
   * @param candidates for each name the paths that may stand for it; the first that will do does
   * @param leftOut for people: what is not taken though it is there, and why
   */
  record Choice(String layout, Map<AssetName.File, List<String>> candidates, List<String> leftOut) {
    public Choice {
      candidates = Map.copyOf(candidates);
      leftOut = List.copyOf(leftOut);
    }
  }

  /** Paths for a message: the first dozen. */
  static String shown(List<String> paths) {
    return paths.isEmpty()
        ? "nothing"
        : String.join(", ", paths.stream().limit(12).map(ImagePath::shown).toList())
            + (paths.size() > 12 ? " and %d more".formatted(paths.size() - 12) : "");
  }
}
