package dev.moonboot.assets;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the releases of a channel are made of, where that is not one image: a base, and extensions
 * put into it. As a person wrote it, so tags stand where digests may come to stand; see {@link
 * Recipe}.
 *
 * @param name of the channel
 * @param base what kernel and initramfs come from
 * @param extensions in this order, later ones on top
 * @param replace whether extensions that the base has already are left out, and not kept below
 * @param platform Talos's name of where it runs: {@code metal}, {@code nocloud}
 * @param arguments kernel arguments put behind Talos's own; {@code -name} removes one
 * @param overlay the board whose arguments are added; null for none
 * @param catalogs images that say which image an official extension is; empty for Talos's own of
 *     the base's version
 * @param installerBase the image that the installer image is put upon; null for the one beside the
 *     base, or the base itself
 * @param outputs what is made besides kernel and command line
 * @param strict whether warnings refuse the composition, too
 * @param following what makes a new release of it
 * @param schematic what the marker says, as YAML; null for what follows from the rest
 */
public record Composition(
    String name,
    Base base,
    List<Part> extensions,
    boolean replace,
    String platform,
    List<String> arguments,
    @Nullable Overlay overlay,
    List<ImageReference> catalogs,
    @Nullable ImageReference installerBase,
    Set<Output> outputs,
    boolean strict,
    Following following,
    @Nullable String schematic) {
  public Composition {
    extensions = List.copyOf(extensions);
    arguments = List.copyOf(arguments);
    catalogs = List.copyOf(catalogs);
    outputs = Collections.unmodifiableSet(new LinkedHashSet<>(outputs));
  }

  /**
   * One of nothing but a base, with the defaults of the configuration: {@code metal}, the initramfs
   * alone, following its inputs. The rest is said of the builder.
   */
  public static Builder of(String name, Base base) {
    return new Builder(name, base);
  }

  /** What kernel and initramfs come from. */
  public sealed interface Base {
    /** An imager or installer image. */
    record Image(ImageReference image) implements Base {}

    /**
     * The newest image of one line of versions.
     *
     * @param source of which the tags are versions of Talos
     */
    record Line(SourceImage source, VersionLine line) implements Base {}

    /** The head of another channel. */
    record OfChannel(String channel) implements Base {}

    /** As a person writes it: {@code ghcr.io/siderolabs/imager:v1.13.*}, {@code channel:talos}. */
    default String name() {
      return switch (this) {
        case Image(var image) -> image.toString();
        case Line(var source, var line) -> source.display() + ":" + line;
        case OfChannel(var channel) -> "channel:" + channel;
      };
    }
  }

  /** One extension. */
  public sealed interface Part {
    /** One of Talos's own, by its name in the catalog: {@code siderolabs/gvisor}. */
    record Official(String name) implements Part {}

    /** An extension image. */
    record Image(ImageReference image) implements Part {}
  }

  /**
   * A board's overlay, of which only the kernel arguments count.
   *
   * @param name of the board's installer in it: {@code rpi_generic}
   */
  public record Overlay(String name) {}

  /** What is made. */
  public enum Output {
    /** One initramfs with everything in it. */
    INITRAMFS,
    /** Base and extensions as two files, for two {@code initrd} lines. */
    PARTS,
    /** A unified kernel image. */
    UKI,
    /** An installer image, for {@code talosctl upgrade --image}. */
    INSTALLER,
    /** A bootable ISO image for UEFI machines. */
    ISO;

    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What makes a new release. */
  public enum Following {
    /** Whatever its tags name by now. */
    INPUTS,
    /** The lock file. */
    LOCK;

    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Says only what is not as usual. */
  public static final class Builder {
    private final String name;
    private final Base base;
    private List<Part> extensions = List.of();
    private boolean replace;
    private String platform = "metal";
    private List<String> arguments = List.of();
    private @Nullable Overlay overlay;
    private List<ImageReference> catalogs = List.of();
    private @Nullable ImageReference installerBase;
    private Set<Output> outputs = Set.of(Output.INITRAMFS);
    private boolean strict;
    private Following following = Following.INPUTS;
    private @Nullable String schematic;

    private Builder(String name, Base base) {
      this.name = name;
      this.base = base;
    }

    public Builder extensions(List<Part> inOrder) {
      extensions = inOrder;
      return this;
    }

    /** Leaves out the extensions that the base has already. */
    public Builder replacing() {
      replace = true;
      return this;
    }

    public Builder platform(String talosName) {
      platform = talosName;
      return this;
    }

    public Builder arguments(List<String> inOrder) {
      arguments = inOrder;
      return this;
    }

    public Builder overlay(@Nullable Overlay board) {
      overlay = board;
      return this;
    }

    public Builder catalogs(List<ImageReference> images) {
      catalogs = images;
      return this;
    }

    public Builder installerBase(@Nullable ImageReference image) {
      installerBase = image;
      return this;
    }

    public Builder outputs(Set<Output> made) {
      outputs = made;
      return this;
    }

    public Builder strict(boolean warningsRefuse) {
      strict = warningsRefuse;
      return this;
    }

    public Builder following(Following what) {
      following = what;
      return this;
    }

    public Builder schematic(String yaml) {
      schematic = yaml;
      return this;
    }

    public Composition build() {
      return new Composition(
          name,
          base,
          extensions,
          replace,
          platform,
          arguments,
          overlay,
          catalogs,
          installerBase,
          outputs,
          strict,
          following,
          schematic);
    }
  }
}
