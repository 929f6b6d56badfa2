package dev.moonboot.assets.registry;

import java.util.List;

/**
 * The artifacts that a registry says belong to an image.
 *
 * @param artifacts of the type that was asked for; those that name no type come last. Whether one
 *     really belongs to the image, its manifest says
 * @param cut whether there are more than are taken
 */
public record Referrers(List<Descriptor> artifacts, boolean cut) {
  static final Referrers NONE = new Referrers(List.of(), false);

  public Referrers {
    artifacts = List.copyOf(artifacts);
  }
}
