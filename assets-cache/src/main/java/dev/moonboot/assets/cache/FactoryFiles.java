package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.SourceImage.Factory.Files;
import dev.moonboot.assets.registry.WebFiles;
import dev.moonboot.json.Json;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files that a factory made, each as it came. */
final class FactoryFiles {
  /** In the digest of every release made from them: a change of what is taken changes it. */
  private static final int FORMAT = 1;

  /** What is asked for, as the factory names it, and the largest of its kind. */
  enum Part {
    KERNEL("kernel-{arch}", 256L << 20),
    INITRAMFS("initramfs-{arch}.xz", 1L << 30),
    CMDLINE("cmdline-{platform}-{arch}", 64 << 10),
    UKI("{platform}-{arch}-uki.efi", 1L << 30),
    ISO("{platform}-{arch}.iso", 2L << 30);

    private final String name;
    private final long most;

    Part(String name, long most) {
      this.name = name;
      this.most = most;
    }

    /** All that are wanted. */
    static List<Part> of(Files files) {
      return Arrays.stream(values())
          .filter(part ->
              switch (part) {
                case KERNEL, INITRAMFS, CMDLINE -> true;
                case UKI -> files.uki();
                case ISO -> files.iso();
              })
          .toList();
    }

    String name(Files files, Arch arch) {
      return name.replace("{platform}", files.platform()).replace("{arch}", arch.id());
    }

    long most() {
      return most;
    }
  }

  /** One file, and where it lies. */
  record Came(Path file, WebFiles.Got got) {}

  private final Files files;
  private final Map<Arch, Map<Part, Came>> came = new EnumMap<>(Arch.class);

  /**
   * @param files that are wanted
   */
  FactoryFiles(Files files) {
    this.files = files;
  }

  /** All that is wanted for one architecture. */
  List<Part> parts() {
    return Part.of(files);
  }

  /** What the factory calls it. */
  String name(Arch arch, Part part) {
    return part.name(files, arch);
  }

  void add(Arch arch, Part part, Came file) {
    came.computeIfAbsent(arch, _ -> new EnumMap<>(Part.class)).put(part, file);
  }

  Came file(Arch arch, Part part) {
    Came file = came.getOrDefault(arch, Map.of()).get(part);
    if (file == null) {
      throw new IllegalStateException(name(arch, part) + " was never asked for");
    }
    return file;
  }

  /** What stands for the layers of an image: equal ones have equal assets. */
  List<Digest> layers(Arch arch) {
    return parts().stream().map(part -> file(arch, part).got().digest()).toList();
  }

  /**
   * What tells the release made from them from others: the factory, what it was asked for, and what
   * it answered, since it may answer with other bytes another time.
   */
  Digest digest(SourceImage.Factory factory, String version) {
    Map<String, Json> assets = new LinkedHashMap<>();
    came.forEach((arch, parts) ->
        parts.forEach(
            (part, file) -> assets.put(name(arch, part), new Json.Str(file.got().digest().hex()))));
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("format", Json.Num.of(FORMAT));
    members.put("factory", new Json.Str(factory.url()));
    members.put("schematic", new Json.Str(factory.schematic()));
    members.put("version", new Json.Str(version));
    members.put("assets", new Json.Obj(assets));
    return Digest.of(new Json.Obj(members).compact().getBytes(UTF_8));
  }
}
