package dev.moonboot.assets.registry;

import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the names of images as people write them. */
public final class ImageReferences {
  // distribution-spec, "Pulling manifests"
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
  private static final String LAYOUT = "oci:";
  private static final String ARCHIVE = "oci-archive:";
  private static final String FACTORY = "factory:";
  private static final Pattern FACTORY_FILES =
      Pattern.compile("([a-z0-9-]{1,64})(?:\\?platform=([a-z0-9-]{1,64})(&uki)?(&iso)?)?");
  private static final int MAX_LENGTH = 1024;

  private ImageReferences() {}

  /**
   * Reads {@code registry/repo:tag}, {@code repo@digest}, {@code repo:tag@digest}, {@code
   * oci:DIR[:TAG]} or {@code oci-archive:FILE[:TAG]}. A repository without registry is Docker
   * Hub's, one without tag and digest means {@code latest}, as docker has it. And {@code
   * factory:URL/SCHEMATIC[?platform=P[&uki][&iso]]:VERSION}, as what came from an Image Factory is
   * called.
   *
   * @throws IllegalArgumentException for anything else; the message says what is wrong with it
   */
  public static ImageReference parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "image reference of %d characters: at most %d".formatted(text.length(), MAX_LENGTH));
    }
    if (text.startsWith(LAYOUT)) {
      return local(text, text.substring(LAYOUT.length()), SourceImage.Layout::new);
    }
    if (text.startsWith(ARCHIVE)) {
      return local(text, text.substring(ARCHIVE.length()), SourceImage.Archive::new);
    }
    return text.startsWith(FACTORY) ? factory(text) : remote(text);
  }

  private static ImageReference factory(String text) {
    int colon = text.lastIndexOf(':');
    int slash = text.lastIndexOf('/', colon);
    String url = slash < 0 ? "" : text.substring(FACTORY.length(), slash);
    Matcher asked = FACTORY_FILES.matcher(text.substring(slash + 1, Math.max(slash + 1, colon)));
    String version = text.substring(colon + 1);
    if (!url.matches("https?://[\\x21-\\x7e]+")
        || !asked.matches()
        || !TAG.matcher(version).matches()) {
      throw wrong(text, "expected factory:https://HOST/SCHEMATIC:VERSION", null);
    }
    String platform = asked.group(2);
    SourceImage.Factory.Files files =
        platform == null
            ? SourceImage.Factory.Files.METAL
            : new SourceImage.Factory.Files(
                platform, asked.group(3) != null, asked.group(4) != null);
    return new ImageReference(new SourceImage.Factory(url, asked.group(1), files), version, null);
  }

  private static ImageReference remote(String text) {
    Digest digest = digestOf(text);
    if (text.contains("://")) {
      throw wrong(
          text, "leave out what is before the host name, as in ghcr.io/acme/talos:demo", null);
    }
    try {
      var parsed = com.google.cloud.tools.jib.api.ImageReference.parse(text);
      var source = new SourceImage.Repository(parsed.getRegistry(), parsed.getRepository());
      String tag = parsed.getTag().orElse(null);
      return new ImageReference(source, tag == null && digest == null ? "latest" : tag, digest);
    } catch (InvalidImageReferenceException e) {
      throw wrong(
          text,
          "expected registry/repository:tag, registry/repository@sha256:…, oci:DIR[:TAG] or"
              + " oci-archive:FILE[:TAG]; a repository has lower-case letters, digits and . _ - /",
          e);
    }
  }

  private static ImageReference local(
      String text, String rest, Function<Path, SourceImage> source) {
    Digest digest = digestOf(rest);
    String file = digest == null ? rest : rest.substring(0, rest.lastIndexOf('@'));
    String tag = null;
    int colon = file.lastIndexOf(':');
    if (colon > file.lastIndexOf('/')) {
      tag = file.substring(colon + 1);
      file = file.substring(0, colon);
      if (!TAG.matcher(tag).matches()) {
        throw wrong(text, "\"" + tag + "\" is no tag", null);
      }
    }
    if (file.isEmpty()) {
      throw wrong(text, "no file or directory is named", null);
    }
    try {
      return new ImageReference(source.apply(Path.of(file)), tag, digest);
    } catch (InvalidPathException e) {
      throw wrong(text, "not a path", e);
    }
  }

  private static @Nullable Digest digestOf(String text) {
    int at = text.lastIndexOf('@');
    if (at < 0 || text.indexOf('/', at) >= 0) {
      return null;
    }
    try {
      return Digest.parse(text.substring(at + 1));
    } catch (IllegalArgumentException e) {
      throw wrong(text, "only sha256 digests with 64 lower-case hex digits are read", e);
    }
  }

  private static IllegalArgumentException wrong(
      String text, String why, @Nullable Exception cause) {
    return new IllegalArgumentException("image \"" + text + "\": " + why, cause);
  }
}
