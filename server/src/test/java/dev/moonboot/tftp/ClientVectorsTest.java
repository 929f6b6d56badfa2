package dev.moonboot.tftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.tftp.TftpPacket.Failure;
import dev.moonboot.tftp.TftpPacket.Oack;
import dev.moonboot.tftp.TftpPacket.Option;
import dev.moonboot.tftp.TftpPacket.Rrq;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What recorded clients asked, asked again from as many ports as they used. */
class ClientVectorsTest {
  /** What there is; everything else that they ask for is missing. */
  private static final Set<String> THERE =
      Set.of(
          "ipxe-amd64.efi",
          "ipxe-arm64.efi",
          "biguki.efi",
          "undionly.kpxe",
          "grubnetx64.efi",
          "grub/x86_64-efi/http.mod",
          "fx/amd64/initramfs.xz",
          "pxelinux.0",
          "lpxelinux.0",
          "arm64/initramfs.xz",
          "arm64/vmlinuz",
          "arm64/uki.efi",
          "91cdf03d/start4.elf",
          "91cdf03d/config.txt");

  @TempDir Path folder;

  private record Sent(int port, String hex) {
    byte[] packet() {
      return HexFormat.of().parseHex(hex);
    }

    TftpPacket parsed() {
      return TftpPacket.parse(ByteBuffer.wrap(packet()));
    }
  }

  private static Map<String, List<Sent>> recorded() throws IOException {
    Map<String, List<Sent>> sections = new LinkedHashMap<>();
    List<Sent> section = new ArrayList<>();
    try (var in = ClientVectorsTest.class.getResourceAsStream("/client-vectors/tftp.txt")) {
      String text = new String(requireNonNull(in).readAllBytes(), UTF_8);
      for (String line : text.lines().toList()) {
        if (line.startsWith("## ")) {
          section = new ArrayList<>();
          sections.put(line.substring(3), section);
        } else if (!line.isEmpty() && !line.startsWith("#")) {
          String[] parts = line.split(" ", 2);
          section.add(new Sent(Integer.parseInt(parts[0]), parts[1]));
        }
      }
    }
    return sections;
  }

  static Stream<String> clients() throws IOException {
    return recorded().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("clients")
  void a_recorded_client_gets_what_it_asks_for(String client) throws IOException {
    byte[] bytes = Served.bytes(30_001, 14);
    for (String name : THERE) {
      Path file = folder.resolve("loaders").resolve(name);
      Files.createDirectories(requireNonNull(file.getParent()));
      Files.write(file, bytes);
    }
    Map<Integer, TestClient> ports = new HashMap<>();
    try (var served = Served.in(folder)) {
      List<Sent> packets = requireNonNull(recorded().get(client));
      for (int i = 0; i < packets.size(); i++) {
        Sent sent = packets.get(i);
        if (sent.parsed() instanceof Rrq request) {
          TestClient port = ports.computeIfAbsent(sent.port(), _ -> open(served));
          boolean probe = i + 1 < packets.size() && packets.get(i + 1).parsed() instanceof Failure;
          if (!THERE.contains(request.file().replaceFirst("^/", ""))) {
            port.toRequestPort(sent.packet());
            assertEquals(new Failure(1, "file not found"), port.failure(), request::toString);
          } else if (probe) {
            port.toRequestPort(sent.packet());
            assertEquals(granted(request, bytes.length), port.oack());
            port.answer(packets.get(i + 1).packet());
          } else {
            port.toRequestPort(sent.packet());
            assertEquals(granted(request, bytes.length), port.oack());
            port.error(0, "asked again below");
            assertArrayEquals(bytes, port.fetch(request.file(), flat(request.options())));
          }
        }
      }
      assertTrue(ports.size() > 0);
    } finally {
      for (TestClient port : ports.values()) {
        port.close();
      }
    }
  }

  private static TestClient open(Served served) {
    try {
      return served.client();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** All that these clients ask for is granted as it is, and the size told. */
  private static Oack granted(Rrq request, int size) {
    return new Oack(
        request.options().stream()
            .map(o -> o.name().equals("tsize") ? new Option("tsize", "" + size) : o)
            .toList());
  }

  private static String[] flat(List<Option> options) {
    return options.stream().flatMap(o -> Stream.of(o.name(), o.value())).toArray(String[]::new);
  }
}
