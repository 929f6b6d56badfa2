package dev.moonboot.factory;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.schematic.Schematic;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Turns schematics into compositions. */
final class Composing {
  private static final int SHORT = 12;

  /** As many as can be composed. Each may cost a request to a registry. */
  private static final int MOST_EXTENSIONS = 64;

  /** A kernel's command line has 4000 bytes. */
  private static final int MOST_ARGUMENTS = 1000;

  private final FactoryConfig config;
  private final Function<String, ImageReference> images;

  /**
   * @param images reads an image as a person writes it; throws IllegalArgumentException
   */
  Composing(FactoryConfig config, Function<String, ImageReference> images) {
    this.config = config;
    this.images = images;
  }

  /**
   * Refuses a schematic of which nothing could ever be made here.
   *
   * @throws FactoryException with what is wrong
   */
  void check(Schematic schematic) {
    int extensions = schematic.officialExtensions().size() + schematic.customExtensions().size();
    requireAtMost(MOST_EXTENSIONS, extensions, "extensions");
    requireAtMost(MOST_ARGUMENTS, schematic.arguments().size(), "kernel arguments");
    parts(schematic);
  }

  private static void requireAtMost(int most, int count, String what) {
    if (count > most) {
      throw FactoryException.invalid(
          "%d %s; images with more than %d cannot be made here".formatted(count, what, most));
    }
  }

  /**
   * What is to be composed for an order, as a channel that nothing follows.
   *
   * @throws FactoryException when this appliance cannot make what the schematic asks for
   */
  Channel channel(Schematic schematic, Order order) {
    check(schematic);
    requirePossible(schematic, order.output());
    Composition composition =
        Composition.of(
                order.schematic(), // longer than a channel's name may be, so it is none
                new Base.Image(new ImageReference(config.base(), order.version(), null)))
            .extensions(parts(schematic))
            .platform(order.platform())
            .arguments(schematic.arguments())
            .overlay(
                schematic.board().map(board -> new Composition.Overlay(board.name())).orElse(null))
            .catalogs(catalogs(order.version()))
            .outputs(outputs(order.output()))
            .schematic(schematic.canonical())
            .build();
    return new Channel(
        "factory-" + order.schematic().substring(0, SHORT),
        new ImageReference(new SourceImage.Composed(composition), null, null),
        order.arches());
  }

  private List<ImageReference> catalogs(String version) {
    return config.catalogs().stream()
        .map(catalog -> new ImageReference(catalog, version, null))
        .toList();
  }

  private static Set<Output> outputs(Output output) {
    return EnumSet.of(Output.INITRAMFS, output);
  }

  private List<Part> parts(Schematic schematic) {
    List<Part> parts = new ArrayList<>();
    schematic.officialExtensions().forEach(name -> parts.add(new Part.Official(name)));
    for (String custom : schematic.customExtensions()) {
      parts.add(new Part.Image(image(custom)));
    }
    return parts;
  }

  private ImageReference image(String custom) {
    try {
      ImageReference image = images.apply(custom);
      if (image.source() instanceof SourceImage.Repository) {
        return allowed(custom, image);
      }
    } catch (IllegalArgumentException e) {
      throw FactoryException.invalid("customExtensions: " + e.getMessage());
    }
    throw FactoryException.invalid(
        "customExtensions: \"" + custom + "\" is in no registry: name its image");
  }

  private ImageReference allowed(String custom, ImageReference image) {
    if (config.custom().stream().noneMatch(pattern -> pattern.matches(image.source()))) {
      throw FactoryException.invalid(
          "customExtensions: \"%s\" is not among the images that factory.custom of this appliance allows (%s)"
              .formatted(custom, config.custom().isEmpty() ? "none" : config.custom()));
    }
    return image;
  }

  private static void requirePossible(Schematic schematic, Output output) {
    if (!schematic.machineConfiguration().isEmpty()) {
      throw FactoryException.invalid(
          "embeddedMachineConfiguration is not made here: give nodes their config by talos.config=");
    }
    if (!schematic.meta().isEmpty()) {
      throw FactoryException.invalid(
          "meta is not made here: leave it out, or pass what it says as kernel arguments");
    }
    boolean onDisk = output == Output.ISO || output == Output.INSTALLER;
    if (onDisk && schematic.board().isPresent()) {
      throw FactoryException.invalid(
          "overlays are made for network boot only: of them only kernel arguments count here");
    }
    if (onDisk
        && schematic.bootloader() != Schematic.Bootloader.NONE
        && schematic.bootloader() != Schematic.Bootloader.SD_BOOT) {
      throw FactoryException.invalid(
          "bootloader " + schematic.bootloader().id() + " is not made here: sd-boot is");
    }
  }
}
