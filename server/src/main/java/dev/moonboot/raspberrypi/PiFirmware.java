package dev.moonboot.raspberrypi;

import dev.moonboot.assets.Digest;
import dev.moonboot.firmware.NodeFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files that the firmware of a Raspberry Pi is made of; the same for a whole boot. */
interface PiFirmware {
  /**
   * The file of that name. May wait for the disk.
   *
   * @param path as below the folder {@code boot} of the firmware's distribution: {@code
   *     start4.elf}, {@code overlays/vc4-kms-v3d.dtbo}
   */
  Optional<NodeFile> find(String path);

  /** The releases that its files are of, by channel. */
  Map<String, Digest> named();

  /** None. */
  PiFirmware NONE = of(List.of());

  /** What the first of {@code sources} has that has it. */
  static PiFirmware of(List<PiFirmware> sources) {
    List<PiFirmware> all = List.copyOf(sources);
    return new PiFirmware() {
      @Override
      public Optional<NodeFile> find(String path) {
        return all.stream().flatMap(source -> source.find(path).stream()).findFirst();
      }

      @Override
      public Map<String, Digest> named() {
        Map<String, Digest> named = new LinkedHashMap<>();
        all.forEach(source -> source.named().forEach(named::putIfAbsent));
        return named;
      }
    };
  }
}
