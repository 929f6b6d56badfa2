package dev.moonboot.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Machines boot the image of {@code moonboot ipxe-image}, and ask for their script. */
@Tag("e2e")
class IpxeImageIT {
  private static final Path DEBIAN = Path.of("/usr/lib/ipxe");
  private static final Duration MAKING = Duration.ofMinutes(3);
  private static final String MAC = "52-54-00-e2-e0-01";

  @TempDir private static Path work;
  private static HttpServer server;
  private static Path image;
  private static final Queue<String> ASKED = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void make() throws IOException {
    Requires.program("xorriso");
    Requires.program("mformat");
    Requires.that(Files.exists(DEBIAN.resolve("ipxe.iso")), "the package ipxe is not installed");
    Fixture.make();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          ASKED.add(exchange.getRequestURI().toString());
          byte[] script = "#!ipxe\necho E2E-BOOT-OK\nsleep 60\n".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, script.length);
          exchange.getResponseBody().write(script);
          exchange.close();
        });
    server.start();
    Path binaries = Files.createDirectory(work.resolve("ipxe"));
    for (String name : List.of("ipxe.iso", "ipxe.lkrn")) {
      Files.copy(DEBIAN.resolve(name), binaries.resolve(name));
    }
    for (String name : List.of("ipxe-amd64.efi", "ipxe-arm64.efi")) {
      Files.copy(Fixture.bootPrograms().resolve(name), binaries.resolve(name));
    }
    image = work.resolve("moonboot.iso");
    // QEMU's user network has the host's loopback at this address
    String url = "http://10.0.2.2:" + server.getAddress().getPort();
    List<String> command =
        List.of(
            Script.ROOT.resolve("moonboot").toString(),
            "ipxe-image",
            "--url",
            url,
            "--out",
            image.toString(),
            "--ipxe",
            binaries.toString());
    String told = Running.run(command, work.resolve("ipxe-image.log"), MAKING);
    assertTrue(told.contains("  boots   bios, uefi-amd64, uefi-arm64\n"), told);
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bios, --cdrom, i386",
    "bios, --stick, i386",
    "uefi-amd64, --cdrom, x86_64",
    "uefi-amd64, --stick, x86_64",
    "uefi-arm64, --cdrom, arm64"
  })
  void a_machine_boots_the_image_and_asks_for_its_script(
      String firmware, String drive, String buildArch) throws IOException {
    ASKED.clear();
    Path folder = Files.createTempDirectory(work, firmware);
    List<String> command =
        List.of(Script.BOOTVM.path(), firmware, drive, image.toString(), "--net", "user");
    try (var machine = VirtualMachine.start(command, folder, List.of())) {
      machine.boots();
    }
    assertEquals(1, ASKED.size(), ASKED::toString);
    String asked = String.valueOf(ASKED.peek());
    assertTrue(asked.startsWith("/ipxe?uuid="), asked);
    assertTrue(asked.contains("&mac=" + MAC + "&"), asked);
    String arch = buildArch.equals("i386") ? "x86_64" : buildArch;
    assertTrue(asked.contains("&arch=" + arch + "&"), asked);
  }
}
