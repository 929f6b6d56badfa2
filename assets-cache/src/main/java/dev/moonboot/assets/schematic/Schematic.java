package dev.moonboot.assets.schematic;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an Image Factory puts into Talos images, as its users write it. Two schematics are the same
 * if their ids are; the order of lists counts.
 *
 * <p>The id is the SHA-256 of the canonical text, which is what {@code go.yaml.in/yaml/v4} writes
 * (factories from 0.9.0 on). For every schematic that can be read here it is the id that those
 * factories give, but where {@code customExtensions} are named, which only this appliance knows.
 *
 * @param overlay of a board; null for none
 * @param machineConfiguration built into the image; empty for none
 * @param arguments of the kernel, behind Talos's own; {@code -name} removes one
 * @param meta initial values of the META partition
 * @param officialExtensions by name: {@code siderolabs/gvisor}
 * @param customExtensions images of anyone's, by reference: a field of this appliance's own
 * @param bootloader of disk images, installers and ISOs
 * @param secureBoot of signed images
 * @param sectorSize of disk images in bytes; 0 for the usual
 */
public record Schematic(
    @Nullable Overlay overlay,
    String machineConfiguration,
    List<String> arguments,
    List<Meta> meta,
    List<String> officialExtensions,
    List<String> customExtensions,
    Bootloader bootloader,
    SecureBoot secureBoot,
    long sectorSize) {
  /** Talos as it comes. */
  public static final Schematic EMPTY =
      new Schematic(
          null,
          "",
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Bootloader.NONE,
          new SecureBoot("", false),
          0);

  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  public Schematic {
    arguments = List.copyOf(arguments);
    meta = List.copyOf(meta);
    officialExtensions = List.copyOf(officialExtensions);
    customExtensions = List.copyOf(customExtensions);
  }

  /**
   * A board's overlay.
   *
   * @param image {@code siderolabs/sbc-raspberrypi}
   * @param name of the board's installer in it: {@code rpi_generic}
   * @param options for that installer
   */
  public record Overlay(String image, String name, Json.Obj options) {
    boolean isEmpty() {
      return image.isEmpty() && name.isEmpty() && options.members().isEmpty();
    }
  }

  /**
   * One value of the META partition.
   *
   * @param key 0 to 255
   */
  public record Meta(int key, String value) {}

  /** What starts the kernel on disks and from ISOs. */
  public enum Bootloader {
    /** What Talos takes by itself. */
    NONE,
    DUAL_BOOT,
    SD_BOOT,
    GRUB;

    /** As a schematic has it: {@code dual-boot}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Of signed images.
   *
   * @param enrollKeys {@code off manual if-safe force}; empty for what Talos does by itself
   * @param wellKnownCertificates whether those of the big vendors are enrolled, too
   */
  public record SecureBoot(String enrollKeys, boolean wellKnownCertificates) {}

  /**
   * Reads YAML or JSON.
   *
   * @throws SchematicException when it is none, names an unknown field, or is written in a way that
   *     factories of different age would read differently; the message says how to write it
   */
  public static Schematic parse(String text) {
    return new SchematicReader().read(text);
  }

  /** Whether {@code text} looks like the id of a schematic. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** YAML whose SHA-256 is the id; reading it gives an equal schematic. */
  public String canonical() {
    return CanonicalYaml.of(SchematicText.of(this));
  }

  /** 64 hexadecimal digits. */
  public String id() {
    return Digest.of(canonical().getBytes(UTF_8)).hex();
  }

  /** The overlay, if it says anything. */
  public Optional<Overlay> board() {
    return Optional.ofNullable(overlay);
  }
}
