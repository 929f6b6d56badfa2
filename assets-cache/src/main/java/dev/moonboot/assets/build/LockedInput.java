package dev.moonboot.assets.build;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.registry.ImageReferences;
import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One input as a lock file has it, on one line.
 *
 * @param name as it stands in the configuration: {@code siderolabs/gvisor}, a reference, {@code
 *     channel:talos}
 * @param version of the extension, for who reads the file; may be empty
 * @param image where it is, without the digest; null for a channel that is composed itself
 * @param digest null for a channel that is composed itself: what that is made of stands there
 */
public record LockedInput(
    Role role,
    String name,
    String version,
    @Nullable ImageReference image,
    @Nullable Digest digest) {
  private static final String VERSION = "version";
  private static final String IMAGE = "image";
  private static final String DIGEST = "digest";
  private static final String CHANNEL = "channel:";

  /** In the order in which they are written; the order of extensions is the configuration's. */
  public static final Comparator<LockedInput> ORDER =
      Comparator.comparing(LockedInput::role).thenComparing(LockedInput::name);

  /** What it is for. */
  public enum Role {
    BASE,
    INSTALLER_BASE,
    EXTENSION;

    /** As it is written: {@code installer-base}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Of an input that is an image. */
  public static LockedInput of(Role role, Input input, String version) {
    ImageReference image = input.image();
    return new LockedInput(
        role,
        input.name(),
        version,
        new ImageReference(
            image.source(), image.tag(), image.tag() == null ? input.digest() : null),
        input.digest());
  }

  /** Of a channel that is composed itself. */
  static LockedInput ofComposed(String channel) {
    return new LockedInput(Role.BASE, CHANNEL + channel, "", null, null);
  }

  /** The input of a recipe; empty where it is a channel that is composed itself. */
  public Optional<Input> input() {
    return image == null || digest == null
        ? Optional.empty()
        : Optional.of(new Input(name, image, digest));
  }

  /** {@code {"extension": "siderolabs/gvisor", "version": "v1", "image": "…", "digest": "…"}}. */
  String line() {
    Map<String, String> members = new LinkedHashMap<>();
    members.put(role.id(), name);
    if (!version.isEmpty()) {
      members.put(VERSION, version);
    }
    if (image != null && !image.toString().equals(name)) {
      members.put(IMAGE, image.toString());
    }
    if (digest != null) {
      members.put(DIGEST, digest.toString());
    }
    return members.entrySet().stream()
        .map(member -> quoted(member.getKey()) + ": " + quoted(member.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  static String quoted(String text) {
    return new Json.Str(text).compact();
  }

  /**
   * What {@link #line} wrote.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static LockedInput read(Json.Obj line) {
    Map<String, Json> members = new LinkedHashMap<>(line.members());
    List<Role> roles =
        Arrays.stream(Role.values()).filter(role -> members.containsKey(role.id())).toList();
    if (roles.size() != 1) {
      throw new IllegalArgumentException(
          "an input is one of base, installer-base and extension, by its name");
    }
    Role role = roles.getFirst();
    List<String> unknown = new ArrayList<>(members.keySet());
    unknown.removeAll(Set.of(role.id(), VERSION, IMAGE, DIGEST));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + String.join(", ", unknown));
    }
    String name = text(members, role.id());
    if (!members.containsKey(DIGEST)) {
      if (role == Role.BASE && name.startsWith(CHANNEL) && members.size() == 1) {
        return ofComposed(name.substring(CHANNEL.length()));
      }
      throw new IllegalArgumentException("the digest of " + name + " is missing");
    }
    String image = members.containsKey(IMAGE) ? text(members, IMAGE) : name;
    return new LockedInput(
        role,
        name,
        members.containsKey(VERSION) ? text(members, VERSION) : "",
        ImageReferences.parse(image),
        Digest.parse(text(members, DIGEST)));
  }

  private static String text(Map<String, Json> members, String name) {
    if (members.get(name) instanceof Json.Str(var text) && !text.isEmpty()) {
      return text;
    }
    throw new IllegalArgumentException(name + " is no text");
  }
}
