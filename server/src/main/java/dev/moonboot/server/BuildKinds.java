package dev.moonboot.server;

import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Following;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.TalosArguments;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.VersionLine;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.config.Kind;
import dev.moonboot.config.Suggestion;
import java.util.Optional;
import java.util.regex.Pattern;

/** How the values of a build are written. */
final class BuildKinds {
  static final Kind<Base> BASE =
      new Kind<>(
          "an image such as ghcr.io/siderolabs/imager:v1.13.9, or ghcr.io/siderolabs/imager:v1.13.*"
              + " for the newest of them (v1.13.9 and v1.13 alone are of that image), or channel:NAME",
          BuildKinds::base,
          Base::name);

  static final Kind<Part> EXTENSION =
      new Kind<>(
          "an extension of Talos's own such as siderolabs/gvisor, or an image such as"
              + " ghcr.io/acme/frr:v1",
          BuildKinds::part,
          BuildKinds::text);

  static final Kind<ImageReference> IMAGE =
      new Kind<>(
          "an image with its registry such as ghcr.io/acme/talos:demo",
          BuildKinds::image,
          ImageReference::toString);

  static final Kind<String> ARGUMENT =
      new Kind<>("a kernel argument such as console=ttyS0", BuildKinds::argument, text -> text);

  static final Kind<String> PLATFORM =
      new Kind<>("a platform of Talos such as metal or nocloud", BuildKinds::platform, p -> p);

  static final Kind<String> OVERLAY =
      new Kind<>("the name of a board such as rpi_generic", BuildKinds::overlay, text -> text);

  static final Kind<Output> OUTPUT = TrustConfig.oneOf(Output.values(), Output::id);

  static final Kind<Following> FOLLOWING = TrustConfig.oneOf(Following.values(), Following::id);

  static final Kind<Boolean> REPLACE =
      new Kind<>("keep or replace", BuildKinds::replace, r -> r ? "replace" : "keep");

  private static final String CHANNEL = "channel:";
  private static final String IMAGER = "ghcr.io/siderolabs/imager";

  /** Organisation and name, as the catalogs of extensions have it. */
  private static final Pattern OFFICIAL =
      Pattern.compile("[a-z0-9]+(?:[_-][a-z0-9]+)*/[a-z0-9]+(?:[._-]+[a-z0-9]+)*");

  /** What {@code [console=ttyS0,115200n8]} leaves behind the comma. */
  private static final Pattern BEHIND_COMMA = Pattern.compile("\\d{3,}[a-z]?\\d?");

  private static final Pattern FILLED_IN = Pattern.compile("\\{(?:cmdline|config-url)}");

  private BuildKinds() {}

  /** As a person writes it. */
  static String text(Part part) {
    return switch (part) {
      case Part.Official(var name) -> name;
      case Part.Image(var image) -> image.toString();
    };
  }

  private static Base base(String text) {
    if (text.startsWith(CHANNEL)) {
      return new Base.OfChannel(text.substring(CHANNEL.length()));
    } else if (text.startsWith("v") && TalosVersion.parse(text).isPresent()) {
      return new Base.Image(AssetCache.parse(IMAGER + ":" + text));
    } else if (text.matches("\\d+\\.\\d.*") && text.indexOf('/') < 0) {
      throw new IllegalArgumentException("a version begins with v, as in v1.13.9 and v1.13");
    }
    Optional<VersionLine> alone = VersionLine.parseShort(text);
    return alone.isPresent()
        ? new Base.Line(AssetCache.parse(IMAGER).source(), alone.get())
        : line(text).orElseGet(() -> new Base.Image(image(text)));
  }

  /** A repository and a line of versions in the place of a tag. */
  private static Optional<Base> line(String text) {
    int digest = text.lastIndexOf("@sha256:");
    String name = digest < 0 ? text : text.substring(0, digest);
    int colon = name.lastIndexOf(':');
    String tag = name.substring(colon + 1);
    if (colon < 0 || tag.indexOf('*') < 0 || tag.indexOf('/') >= 0) {
      return Optional.empty();
    } else if (digest >= 0) {
      throw new IllegalArgumentException(
          "a digest is one image: leave it out, or write the version's own tag before it");
    }
    VersionLine line =
        VersionLine.parse(tag)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "a line of versions is v1.13.*, and v1.14.*-pre with its pre-releases"));
    return Optional.of(new Base.Line(image(name.substring(0, colon)).source(), line));
  }

  private static Part part(String text) {
    if (isWhole(text)) {
      return new Part.Image(AssetCache.parse(text));
    } else if (OFFICIAL.matcher(text).matches()) {
      return new Part.Official(text);
    }
    int cut = text.indexOf('@') < 0 ? text.indexOf(':') : text.indexOf('@');
    String name = cut < 0 ? text : text.substring(0, cut);
    if (cut >= 0 && OFFICIAL.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "with a tag or digest it is an image, and that needs its registry: ghcr.io/"
              + text
              + "; for the one that belongs to the base's version write "
              + name);
    }
    throw new IllegalArgumentException(
        name.indexOf('/') < 0
            ? "an extension of Talos's own is called siderolabs/%s, an image has its registry: ghcr.io/acme/%s"
                .formatted(name, text)
            : "an image needs its registry: ghcr.io/" + text);
  }

  private static ImageReference image(String text) {
    if (!isWhole(text)) {
      throw new IllegalArgumentException(
          "it does not say which registry; write ghcr.io/%s, or docker.io/%s"
              .formatted(text, text));
    }
    return AssetCache.parse(text);
  }

  /** Whether it names a registry as docker tells one, or files. */
  static boolean isWhole(String text) {
    int slash = text.indexOf('/');
    String first = slash < 0 ? "" : text.substring(0, slash);
    return text.startsWith("oci:")
        || text.startsWith("oci-archive:")
        || first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || first.equals("localhost");
  }

  private static String argument(String text) {
    if (BEHIND_COMMA.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a comma within [ ] ends an item; put the argument in quotes: [\"console=ttyS0,"
              + text
              + "\"], or each on a line of its own");
    } else if (text.isBlank() || text.equals("-")) {
      throw new IllegalArgumentException("empty");
    } else if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new IllegalArgumentException("has a control character");
    } else if (hasOpenSpace(text)) {
      throw new IllegalArgumentException(
          "one argument an item; a value with blanks stands in double quotes: name=\"a b\"");
    } else if (FILLED_IN.matcher(text).find()) {
      throw new IllegalArgumentException(
          "what stands in { } is filled in in profiles only: write it in the profile's boot.args");
    }
    return text;
  }

  /** Whether there is a blank outside of double quotes, or a quote that is not closed. */
  private static boolean hasOpenSpace(String text) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      quoted ^= text.charAt(i) == '"';
      if (!quoted && text.charAt(i) == ' ') {
        return true;
      }
    }
    return quoted;
  }

  private static String platform(String text) {
    if (!TalosArguments.platforms().contains(text)) {
      throw new IllegalArgumentException(
          "unknown" + Suggestion.among(text, TalosArguments.platforms()));
    }
    return text;
  }

  private static String overlay(String text) {
    if (!text.matches("[a-z0-9][a-z0-9_-]{0,62}")) {
      throw new IllegalArgumentException("lower-case letters, digits, _ and - only");
    }
    return text;
  }

  private static boolean replace(String text) {
    return switch (text) {
      case "keep" -> false;
      case "replace" -> true;
      default -> throw new IllegalArgumentException("unknown");
    };
  }
}
