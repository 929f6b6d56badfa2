package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One source image: a repository in a registry, or an image layout on disk. Whatever it returns has
 * been checked against the digest it was asked for.
 *
 * <p>Every method throws {@link RegistryException} when it cannot do that. Calls may be made from
 * several threads.
 */
public interface Registry extends AutoCloseable {
  /**
   * The digest that the tag names now. Fetches no manifest where the registry can say it in a HEAD.
   *
   * @param tag null only for a layout that holds a single image
   */
  Digest resolve(@Nullable String tag);

  /**
   * All tags, in no order. Fails where the registry does not list them, and where there are more
   * than 4 MiB or 100 pages of them: what is left out of a list is not to look deleted.
   */
  List<String> tags();

  /** The index or image manifest of that digest: at most 4 MiB. */
  Manifest manifest(Digest digest);

  /**
   * The manifest of that digest, read for what is attached to an image.
   *
   * @param maxBytes the manifest is refused when it is longer; at most 4 MiB
   */
  Artifact artifact(Digest digest, int maxBytes);

  /**
   * The artifacts of a type that belong to the image of that digest: by the referrers API of
   * distribution-spec 1.1, where there is none by the tag {@code sha256-<hex>} that stands in for
   * it. At most 10 pages and 4 MiB are read; none when the image is unknown.
   */
  Referrers referrers(Digest subject, String artifactType);

  /**
   * A small blob as a whole, such as an image configuration.
   *
   * @param maxBytes the blob is refused when its descriptor says more
   */
  byte[] read(Descriptor blob, int maxBytes);

  /**
   * Fetches a blob into a file. Bytes already there are kept and the rest is fetched (unless the
   * whole turns out wrong: then it starts anew). On return the file holds exactly the blob; on an
   * exception it holds what can be resumed, or nothing.
   */
  void download(Descriptor blob, Path part, Progress progress);

  /** Ends whatever is running. */
  @Override
  void close();
}
