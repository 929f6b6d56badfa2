package dev.moonboot.raspberrypi;

import static dev.moonboot.assets.Arch.ARM64;
import static dev.moonboot.raspberrypi.PiLab.MAC;
import static dev.moonboot.raspberrypi.PiLab.SERIAL;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.cache.ImagePull;
import dev.moonboot.firmware.Loaders;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Sightings;
import dev.moonboot.raspberrypi.PiClient.Outcome;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.testing.Requires;
import dev.moonboot.testing.TestImages;
import dev.moonboot.tftp.TftpConfig;
import dev.moonboot.tftp.TftpListener;
import dev.moonboot.tftp.TftpTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded sequences of requests, packet by packet against the real listener. */
class PiSequencesTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path folder;

  private TftpListener listener(PiTree tree) {
    return TftpListener.open(
        TftpConfig.at(new InetSocketAddress(LOOPBACK, 0)),
        new TftpTree(
            tree, Loaders.of(folder.resolve("loaders")), (_, _) -> new AssetLookup.NotOurs()),
        new Meters(),
        new BootLog());
  }

  /** A kernel and an initramfs of some blocks, the last of them full. */
  private PiLab lab() {
    PiLab lab = PiLab.in(folder);
    lab.releases.advance(
        PiLab.CHANNEL,
        List.of(
            PiLab.release(
                "bytes",
                Map.of(
                    AssetName.IMAGE, lab.asset(AssetName.IMAGE, bytes(1024 * 1468)),
                    AssetName.INITRAMFS, lab.asset(AssetName.INITRAMFS, bytes(500_001)),
                    AssetName.CMDLINE, lab.asset(AssetName.CMDLINE, "a=b".getBytes(US_ASCII))),
                Instant.EPOCH)));
    return lab;
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"pi3", "pi4-1024", "pi4-1468", "pi4-mac", "pi5"})
  void every_request_of_a_recorded_boot_is_answered(String recorded) throws Exception {
    PiLab lab = lab();
    try (TftpListener listener = listener(lab.tree())) {
      Path file =
          Path.of(requireNonNull(PiSequencesTest.class.getResource(recorded + ".txt")).toURI());
      List<String> lines =
          Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).toList();
      int blockSize = Integer.parseInt(lines.getFirst().substring("blksize ".length()));
      PiClient board = new PiClient(listener.address(), blockSize);
      for (String line : lines.subList(1, lines.size())) {
        String[] words =
            line.replace("{serial}", SERIAL)
                .replace("{mac}", MAC.replace(':', '-'))
                .split(" +", -1);
        check(board, blockSize, words[0], words[1], words[2].equals("there"));
      }
      Outcome kernel =
          board.read((recorded.contains("mac") ? MAC.replace(':', '-') : SERIAL) + "/vmlinuz");
      assertArrayEquals(
          bytes(1024 * 1468), assertInstanceOf(Outcome.Whole.class, kernel).bytes().array());
    }
  }

  private static void check(PiClient board, int blockSize, String how, String name, boolean there)
      throws IOException {
    Outcome outcome = how.equals("probe") ? board.probe(name) : board.read(name);
    if (!there) {
      Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, outcome, name);
      assertEquals(1, refused.code(), name);
    } else if (outcome instanceof Outcome.There(long size, List<String> options)) {
      assertTrue(size > 0, name);
      assertEquals(
          List.of("tsize", Long.toString(size), "blksize", Integer.toString(blockSize)),
          options,
          name);
    } else {
      assertTrue(assertInstanceOf(Outcome.Whole.class, outcome, name).bytes().hasRemaining(), name);
    }
  }

  /** The boot loader then asks without its folder. */
  @Test
  void the_folder_is_dropped_where_start4_elf_is_missing() throws Exception {
    PiLab lab = lab();
    Files.delete(lab.firmware.resolve("start4.elf"));
    lab.seen.note(
        new Sightings.Seen(
            MacAddress.parse(MAC).orElseThrow(), "127.0.0.1", "", SERIAL, "", "arm64", ""));
    try (TftpListener listener = listener(lab.tree())) {
      PiClient board = new PiClient(listener.address(), 1024);
      check(board, 1024, "probe", SERIAL + "/start4.elf", false);
      check(board, 1024, "probe", "start4.elf", false);
      check(board, 1024, "read", "config.txt", true);
      check(board, 1024, "read", "initramfs.xz", true);
      check(board, 1024, "read", "vmlinuz", true);
    }
  }

  /** Talos's arm64 kernel is an EFI zboot container, which no Raspberry Pi can start. */
  @Test
  void trap_01_the_kernel_that_arrives_is_unwrapped() throws Exception {
    var content = TestImages.Content.DEFAULT;
    Path layout = Files.createDirectories(folder.resolve("layout"));
    TestImages.imager(content).writeLayout(layout, "demo");
    ImagePull.Pulled pulled =
        ImagePull.pull(
            AssetCache.parse("oci:" + layout + ":demo"),
            List.of(ARM64),
            folder.resolve("pulled"),
            RegistrySettings.DEFAULT,
            Progress.NONE);
    Map<AssetName, Asset> assets = new HashMap<>();
    pulled
        .arches()
        .getFirst()
        .files()
        .forEach(file ->
            assets.put(
                file.name(),
                new Asset(file.name(), ARM64, file.file(), file.size(), file.digest())));
    PiLab lab = PiLab.in(folder);
    lab.releases.advance(PiLab.CHANNEL, List.of(PiLab.release("pulled", assets, Instant.EPOCH)));
    try (TftpListener listener = listener(lab.tree())) {
      PiClient board = new PiClient(listener.address(), 1468);
      byte[] kernel =
          assertInstanceOf(Outcome.Whole.class, board.read(SERIAL + "/vmlinuz")).bytes().array();
      assertEquals("ARMd", new String(kernel, 0x38, 4, US_ASCII));
      assertArrayEquals(content.rawImage(), kernel);
    }
    Asset carried = requireNonNull(assets.get(AssetName.VMLINUZ));
    assertEquals(
        "zimg",
        new String(Files.readAllBytes(carried.file()), 4, 4, US_ASCII),
        "the image carries it wrapped");
  }

  /** The lab plays boards with it, DHCP included. */
  @ParameterizedTest
  @ValueSource(strings = {"pi3", "pi4", "pi5"})
  void the_program_that_plays_a_board_boots(String model) throws Exception {
    PiLab lab = PiLab.in(folder);
    byte[] image = bytes(300_000);
    System.arraycopy("ARMd".getBytes(US_ASCII), 0, image, 0x38, 4);
    lab.releases.advance(
        PiLab.CHANNEL,
        List.of(
            PiLab.release(
                "played",
                Map.of(
                    AssetName.IMAGE, lab.asset(AssetName.IMAGE, image),
                    AssetName.INITRAMFS, lab.asset(AssetName.INITRAMFS, bytes(9000)),
                    AssetName.CMDLINE, lab.asset(AssetName.CMDLINE, "a=b".getBytes(US_ASCII))),
                Instant.EPOCH)));
    try (TftpListener listener = listener(lab.tree())) {
      Process played =
          new ProcessBuilder(
                  Requires.program("python3").toString(),
                  "src/e2e/pi-replay",
                  "--server",
                  "127.0.0.1",
                  "--port",
                  Integer.toString(listener.address().getPort()),
                  "--model",
                  model)
              .redirectErrorStream(true)
              .start();
      String said = new String(played.getInputStream().readAllBytes(), UTF_8);
      assertEquals(0, played.waitFor(), said);
      assertTrue(said.contains("{\"result\": \"ok\", \"prefix\": \"e2e00001/\""), said);
    }
  }
}
