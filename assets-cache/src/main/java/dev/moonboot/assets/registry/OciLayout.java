package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An OCI image layout (image-spec, image-layout.md); its blobs are checked as a registry's are. */
final class OciLayout implements Registry {
  private static final String INDEX = "index.json";
  private static final int BUFFER = 1 << 17;

  private final String name;
  private final LayoutFiles files;

  private OciLayout(String name, LayoutFiles files) {
    this.name = name;
    this.files = files;
  }

  static OciLayout open(SourceImage.Layout source) {
    Path folder = source.directory();
    if (!Files.isDirectory(folder)) {
      throw new RegistryException(
          Reason.NOT_FOUND,
          "%s: there is no folder %s".formatted(source.display(), folder.toAbsolutePath()));
    }
    return checked(new OciLayout(source.display(), new LayoutDirectory(source.directory())));
  }

  static OciLayout open(SourceImage.Archive source) {
    try {
      return checked(new OciLayout(source.display(), LayoutArchive.open(source.file())));
    } catch (NoSuchFileException e) {
      throw new RegistryException(Reason.NOT_FOUND, source.display() + ": no such file", e, null);
    } catch (IOException e) {
      throw new RegistryException(
          Reason.MALFORMED, source.display() + ": " + e.getMessage(), e, null);
    }
  }

  private static OciLayout checked(OciLayout layout) {
    try {
      Json.Obj marker = layout.json("oci-layout");
      if (!marker.text("imageLayoutVersion").orElse("").startsWith("1.")) {
        throw layout.failure(Reason.UNSUPPORTED, "only image layouts of version 1 are read");
      }
      return layout;
    } catch (RegistryException e) {
      layout.close();
      throw e;
    }
  }

  @Override
  public Digest resolve(@Nullable String tag) {
    List<Json> entries =
        json(INDEX).array("manifests").orElseThrow(() -> failure(Reason.MALFORMED, INDEX));
    Set<String> tags = new TreeSet<>();
    Set<Digest> found = new TreeSet<>();
    for (Json entry : entries) {
      List<String> names = names(entry);
      tags.addAll(names);
      boolean fits =
          tag == null
              ? !(entry instanceof Json.Obj object && ReferrerList.isAttachment(object, names))
              : names.contains(tag);
      if (fits) {
        found.add(digest(entry));
      }
    }
    if (found.size() == 1) {
      return found.iterator().next();
    }
    throw failure(
        Reason.NOT_FOUND,
        "%s; it has %d images, tagged %s"
            .formatted(
                tag == null
                    ? "name the tag of one image"
                    : (found.isEmpty() ? "no image" : "more than one image") + " is tagged " + tag,
                entries.size(),
                tags.isEmpty() ? "nothing" : String.join(", ", tags)));
  }

  @Override
  public List<String> tags() {
    return json(INDEX)
        .array("manifests")
        .orElseThrow(() -> failure(Reason.MALFORMED, INDEX))
        .stream()
        .flatMap(entry -> names(entry).stream())
        .distinct()
        .toList();
  }

  /** The tag, and containerd's full name by its last part. */
  private static List<String> names(Json entry) {
    List<String> names = new ArrayList<>();
    if (entry instanceof Json.Obj object) {
      object
          .object("annotations")
          .ifPresent(annotations -> {
            annotations.text("org.opencontainers.image.ref.name").ifPresent(names::add);
            annotations
                .text("io.containerd.image.name")
                .map(full -> full.substring(full.lastIndexOf(':') + 1))
                .ifPresent(names::add);
          });
    }
    return names.stream().map(tag -> tag.replaceAll("[^ -~]", "?")).distinct().toList();
  }

  private Digest digest(Json entry) {
    try {
      return Digest.parse(entry instanceof Json.Obj object ? object.text("digest").orElse("") : "");
    } catch (IllegalArgumentException e) {
      throw failure(Reason.MALFORMED, INDEX + ": " + e.getMessage());
    }
  }

  @Override
  public Manifest manifest(Digest digest) {
    byte[] bytes = small(blob(digest), Limits.MANIFEST);
    check(digest, Digest.of(bytes));
    return ManifestReader.read(digest, bytes, null);
  }

  @Override
  public Artifact artifact(Digest digest, int maxBytes) {
    byte[] bytes = small(blob(digest), Math.min(maxBytes, Limits.MANIFEST));
    check(digest, Digest.of(bytes));
    return ManifestReader.artifact(digest, bytes);
  }

  /**
   * A layout lists everything in its index: artifacts themselves, and the fallback tag where a tool
   * copied it.
   */
  @Override
  public Referrers referrers(Digest subject, String artifactType) {
    var list = new ReferrerList(artifactType);
    list.add(name + ": " + INDEX, small(INDEX, Limits.MANIFEST));
    List<Descriptor> own =
        list.found(false).artifacts().stream()
            .limit(Limits.INDEX_ENTRIES)
            .filter(descriptor -> belongsTo(subject, descriptor))
            .toList();
    Optional<Referrers> fallback = fallback(subject, artifactType);
    return new Referrers(
        Stream.concat(own.stream(), fallback.stream().flatMap(f -> f.artifacts().stream()))
            .distinct()
            .toList(),
        list.found(false).artifacts().size() > Limits.INDEX_ENTRIES);
  }

  private boolean belongsTo(Digest subject, Descriptor descriptor) {
    try {
      return subject.equals(artifact(descriptor.digest(), Limits.ARTIFACT).subject());
    } catch (RegistryException e) {
      return false; // an image, which is no artifact, or nothing that can be read
    }
  }

  private Optional<Referrers> fallback(Digest subject, String artifactType) {
    try {
      Digest index = resolve(ReferrerList.fallbackTag(subject));
      byte[] bytes = small(blob(index), Limits.REFERRERS);
      check(index, Digest.of(bytes));
      var list = new ReferrerList(artifactType);
      list.add(name + ": " + index, bytes);
      return Optional.of(list.found(false));
    } catch (RegistryException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public byte[] read(Descriptor blob, int maxBytes) {
    if (blob.size() > maxBytes) {
      throw failure(
          Reason.TOO_LARGE,
          "blob %s: %d bytes, at most %d are taken"
              .formatted(blob.digest(), blob.size(), maxBytes));
    }
    byte[] bytes = small(blob(blob.digest()), maxBytes);
    checkSize(blob, bytes.length);
    check(blob.digest(), Digest.of(bytes));
    return bytes;
  }

  private Json.Obj json(String file) {
    return ManifestReader.object(name + ": " + file, small(file, Limits.MANIFEST));
  }

  private byte[] small(String file, int max) {
    LayoutFiles.Content content = open(file);
    try (InputStream in = content.in()) {
      if (content.size() > max) {
        throw failure(Reason.TOO_LARGE, file + " is larger than " + max + " bytes");
      }
      return in.readNBytes(max);
    } catch (IOException e) {
      throw failure(Reason.UNREACHABLE, file + ": " + e.getMessage());
    }
  }

  @Override
  public void download(Descriptor blob, Path part, Progress progress) {
    LayoutFiles.Content content = open(blob(blob.digest()));
    try (InputStream in = content.in()) {
      checkSize(blob, content.size());
      Digest found = copy(in, blob, part, progress);
      if (!found.equals(blob.digest())) {
        Files.delete(part);
      }
      check(blob.digest(), found);
    } catch (IOException e) {
      throw new RegistryException(
          Reason.LOCAL_IO,
          "%s: cannot copy blob %s to %s: %s".formatted(name, blob.digest(), part, e.getMessage()),
          e,
          null);
    }
  }

  private static Digest copy(InputStream in, Descriptor blob, Path part, Progress progress)
      throws IOException {
    MessageDigest hash = Digest.sha256();
    try (OutputStream out = Files.newOutputStream(part)) {
      byte[] buffer = new byte[BUFFER];
      long done = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
        out.write(buffer, 0, n);
        done += n;
        progress.bytes(done, blob.size());
      }
    }
    return Digest.of(hash);
  }

  private static String blob(Digest digest) {
    return "blobs/sha256/" + digest.hex();
  }

  private LayoutFiles.Content open(String file) {
    try {
      return files.open(file);
    } catch (NoSuchFileException e) {
      throw new RegistryException(Reason.NOT_FOUND, name + ": " + file + " is missing", e, null);
    } catch (IOException e) {
      throw new RegistryException(Reason.UNREACHABLE, name + ": " + e.getMessage(), e, null);
    }
  }

  private void checkSize(Descriptor blob, long size) {
    if (size != blob.size()) {
      throw failure(
          Reason.DIGEST_MISMATCH,
          "blob %s has %d bytes, the manifest says %d".formatted(blob.digest(), size, blob.size()));
    }
  }

  private void check(Digest expected, Digest found) {
    if (!found.equals(expected)) {
      throw failure(
          Reason.DIGEST_MISMATCH, "blob " + expected + " holds something else (" + found + ")");
    }
  }

  private RegistryException failure(Reason reason, String why) {
    return new RegistryException(reason, name + ": " + why);
  }

  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException e) {
      throw new RegistryException(Reason.LOCAL_IO, name + ": " + e.getMessage(), e, null);
    }
  }
}
