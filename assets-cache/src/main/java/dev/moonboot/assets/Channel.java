package dev.moonboot.assets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A source image and tag that we follow, under a short name.
 *
 * @param name {@code [a-z0-9][a-z0-9._-]{0,62}}, and not a name that asset paths use otherwise (an
 *     architecture, {@code sha256-…})
 * @param image what is followed
 * @param arches the architectures a release of it must have, without repetition; never empty
 * @param content what its images hold for us
 */
public record Channel(String name, ImageReference image, List<Arch> arches, Content content) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  /**
   * @throws IllegalArgumentException when the name or the list of architectures is not allowed
   */
  public Channel {
    if (!NAME.matcher(name).matches()
        || name.startsWith("sha256-")
        || Arch.parse(name).isPresent()) {
      throw new IllegalArgumentException(
          "channel name \""
              + name
              + "\": use a-z 0-9 . _ - (at most 63, starting with a letter or digit), and no"
              + " architecture name");
    }
    arches = arches.stream().distinct().toList();
    if (arches.isEmpty()) {
      throw new IllegalArgumentException("channel " + name + " lists no architecture");
    }
  }

  /** Whether a person wrote down what it names, so that nothing can move it but a person. */
  public boolean isFixed() {
    return image.digest() != null
        || (image.source() instanceof SourceImage.Composed(var of)
            && of.following() == Composition.Following.LOCK);
  }

  /**
   * What is followed, for telling it from what was followed before: a tag that is changed by a
   * person is another one and cannot have gone back, and so is a composition, or a schematic.
   */
  public String followed() {
    return switch (image.source()) {
      case SourceImage.Composed(var of) -> image + " " + shortHash(of.toString());
      case SourceImage.Factory(var _, var schematic, var _) -> image + " " + shortHash(schematic);
      case SourceImage.Repository _, SourceImage.Layout _, SourceImage.Archive _ ->
          image.toString();
    };
  }

  private static String shortHash(String text) {
    return Digest.of(text.getBytes(UTF_8)).shortHex();
  }

  /** One that nodes boot from. */
  public Channel(String name, ImageReference image, List<Arch> arches) {
    this(name, image, arches, Content.BOOT);
  }
}
