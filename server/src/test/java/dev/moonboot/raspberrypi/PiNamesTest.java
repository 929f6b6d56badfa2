package dev.moonboot.raspberrypi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.firmware.FlashedFiles;
import dev.moonboot.firmware.NodeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PiNamesTest {
  private static final List<String> PIECES =
      List.of(
          "91cdf03d",
          "dc-a6-32-e2-e0-01",
          "overlays",
          "..",
          ".",
          "",
          "config.txt",
          "cmdline.txt",
          "start4.elf",
          "vmlinuz",
          "initramfs.xz",
          "secret",
          "firmware",
          "data",
          "groups",
          "pi.json",
          "%2e%2e",
          "pieeprom.upd",
          "RECOVERY.BIN",
          "bcm2711-rpi-4-b.dtb",
          "\u00e4",
          "~",
          "C:");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "91cdf03d/start4.elf, 91cdf03d, '', start4.elf",
    "91cdf03d/overlays/x.dtbo, 91cdf03d, '', overlays/x.dtbo",
    "dc-a6-32-e2-e0-01/config.txt, '', dc:a6:32:e2:e0:01, config.txt",
    "91CDF03D/start4.elf, '', '', 91CDF03D/start4.elf",
    "91cdf03/start4.elf, '', '', 91cdf03/start4.elf",
    "91cdf03d, '', '', 91cdf03d",
    "config.txt, '', '', config.txt"
  })
  void a_path_says_who_asks(String path, String serial, String mac, String file) {
    PiPath read = PiPath.of(path);
    assertEquals(serial, read.serial());
    assertEquals(mac, read.mac().map(Object::toString).orElse(""));
    assertEquals(file, read.file());
    assertEquals(serial.isEmpty() && mac.isEmpty(), read.isBare());
  }

  /** Whatever is asked for, only files that are meant are given, and none that flashes. */
  @Test
  void no_name_leads_outside() throws IOException {
    PiLab lab = PiLab.in(folder).sighted().firmware("pieeprom.upd");
    lab.file(folder.resolve("secret"), "secret");
    Set<Path> meant = meant(lab);
    PiTree tree = lab.tree();
    Random random = new Random(7);
    int found = 0;
    for (int i = 0; i < 20_000; i++) {
      String name =
          Stream.generate(() -> PIECES.get(random.nextInt(PIECES.size())))
              .limit(1 + random.nextInt(4))
              .collect(Collectors.joining("/"));
      Optional<NodeFile> file = PiLab.find(tree, name);
      found += given(name, file, meant) ? 1 : 0;
    }
    assertTrue(found > 100, "the names were worth asking for: " + found);
  }

  private static Set<Path> meant(PiLab lab) throws IOException {
    try (Stream<Path> files = Files.walk(lab.firmware)) {
      Set<Path> meant = files.filter(Files::isRegularFile).collect(Collectors.toSet());
      meant.removeIf(file -> FlashedFiles.isOne(file.toString()));
      lab.releases
          .head(PiLab.CHANNEL)
          .orElseThrow()
          .builds()
          .values()
          .forEach(build -> build.assets().values().forEach(asset -> meant.add(asset.file())));
      return meant;
    }
  }

  private static boolean given(String name, Optional<NodeFile> file, Set<Path> meant) {
    if (file.isEmpty()) {
      return false;
    }
    return switch (file.get()) {
      case NodeFile.OnDisk(var path, var _) -> {
        assertTrue(meant.contains(path), name + " gives " + path);
        assertFalse(name.contains(".."), name);
        yield true;
      }
      case NodeFile.OfRelease(var asset, var _) -> {
        assertTrue(meant.contains(asset.file()), name);
        yield true;
      }
      case NodeFile.Text(var text, var _) -> {
        assertFalse(text.contains("secret"), name);
        yield true;
      }
      case NodeFile.NotReady _, NodeFile.Absent _ -> false;
    };
  }
}
