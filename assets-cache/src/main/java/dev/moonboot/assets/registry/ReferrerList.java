package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers the artifacts of one type out of indexes (distribution-spec, "Listing Referrers"). */
final class ReferrerList {
  private final String type;
  private final Map<Digest, Descriptor> typed = new LinkedHashMap<>();
  private final Map<Digest, Descriptor> untyped = new LinkedHashMap<>();

  ReferrerList(String type) {
    this.type = type;
  }

  /** The tag that stands in where a registry has no referrers API. */
  static String fallbackTag(Digest subject) {
    return subject.fileName();
  }

  /** Adds what fits in an index; {@code what} begins the message when it is none. */
  void add(String what, byte[] index) {
    new ManifestReader(what).referrers(index).forEach(this::add);
  }

  private void add(ManifestReader.Referrer referrer) {
    Descriptor descriptor = referrer.descriptor();
    String found = referrer.artifactType();
    if (!MediaTypes.isImage(descriptor.mediaType())) {
      return;
    }
    if (found == null) {
      untyped.putIfAbsent(descriptor.digest(), descriptor);
    } else if (found.equals(type)) {
      typed.putIfAbsent(descriptor.digest(), descriptor);
    }
  }

  Referrers found(boolean cut) {
    List<Descriptor> all = new ArrayList<>(typed.values());
    untyped.keySet().removeAll(typed.keySet());
    all.addAll(untyped.values());
    return new Referrers(all, cut);
  }

  /** Whether an entry of a layout's index is no image but belongs to one, by type or by tag. */
  static boolean isAttachment(Json.Obj descriptor, List<String> tags) {
    return descriptor.text("artifactType").isPresent()
        || tags.stream().anyMatch(tag -> tag.matches("sha256-[0-9a-f]{64}(\\..*)?"));
  }
}
