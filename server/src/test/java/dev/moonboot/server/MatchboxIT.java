package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program in matchbox's place. */
class MatchboxIT {
  private static final String SCRIPT =
      """
      #!ipxe
      kernel /assets/vmlinuz initrd=initramfs.xz talos.platform=metal
      initrd /assets/initramfs.xz
      boot
      """;
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void data() throws IOException {
    data = Files.createDirectories(folder.resolve("data"));
    Files.createDirectories(data.resolve("assets/configs"));
    Files.writeString(data.resolve("assets/configs/x"), "told by x\n");
    Files.createDirectories(data.resolve("groups"));
    Files.createDirectories(data.resolve("profiles"));
    profile("talos.platform=metal");
    Files.writeString(
        data.resolve("groups/default.json"), "{\"id\": \"default\", \"profile\": \"default\"}");
  }

  private static String profileOf(String argument) {
    return """
    {"id": "default", "boot": {"kernel": "/assets/vmlinuz", "initrd": ["/assets/initramfs.xz"],
     "args": ["initrd=initramfs.xz", "%s"]}}
    """
        .formatted(argument);
  }

  private void profile(String argument) throws IOException {
    Files.writeString(data.resolve("profiles/default.json"), profileOf(argument));
  }

  private List<String> flags(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "-address=127.0.0.1:0",
                "-data-path",
                data.toString(),
                "--assets-path=" + data.resolve("assets"),
                "-log-level=debug"));
    flags.addAll(List.of(more));
    return flags;
  }

  private ServerProcess start(List<String> command, Map<String, String> environment) {
    return ServerProcess.run(folder, command, environment).serving();
  }

  private static List<String> command(String program, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    return command;
  }

  private void answersAsMatchbox(ServerProcess server) throws IOException {
    assertEquals(200, server.status("/"));
    assertEquals(SCRIPT, new String(server.body("/ipxe?mac=52-54-00-12-34-56"), UTF_8));
    assertEquals("told by x\n", new String(server.body("/assets/configs/x"), UTF_8));
    assertTrue(server.log().contains("data=" + data + " "), server.log());
    assertTrue(server.log().contains(" admin=off tftp=off "), server.log());
  }

  @Test
  void flags_alone_do_as_when_only_the_image_was_swapped() throws Exception {
    try (var server = start(command(Moonboot.SCRIPT.toString(), flags()), Map.of())) {
      answersAsMatchbox(server);
      assertTrue(server.log().contains("address=127.0.0.1:0 "), server.log());
      assertTrue(Files.isDirectory(data.resolve(".moonboot/state")), "state beside the data");
      assertEquals(404, server.status("/assets/.moonboot/"));
      server.signal("TERM");
      assertEquals(143, server.exit(SOON));
    }
  }

  /** As its systemd unit starts it: ExecStart=/usr/local/bin/matchbox and variables. */
  @Test
  void a_link_called_matchbox_is_matchbox() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("matchbox"), Moonboot.SCRIPT);
    Map<String, String> variables =
        Map.of(
            "MATCHBOX_ADDRESS", "127.0.0.1:0",
            "MATCHBOX_DATA_PATH", data.toString(),
            "MATCHBOX_ASSETS_PATH", data.resolve("assets").toString());
    try (var server = start(List.of(link.toString()), variables)) {
      answersAsMatchbox(server);
    }
    var ran = new Moonboot(link, folder, Map.of()).run("-version");
    assertEquals(0, ran.code());
    assertTrue(ran.out().startsWith("moonboot "), ran.out());
  }

  @Test
  void an_address_in_use_is_told_and_1() throws Exception {
    try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      var ran =
          new Moonboot(Moonboot.SCRIPT, folder, Map.of())
              .run(
                  "-data-path=" + data,
                  "-assets-path=",
                  "-address=127.0.0.1:" + taken.getLocalPort());
      assertEquals(1, ran.code());
      assertTrue(
          ran.err()
              .contains(
                  "\nmoonboot: failed to start listening: cannot listen on 127.0.0.1:"
                      + taken.getLocalPort()),
          ran.err());
    }
  }

  /** A ConfigMap: links into {@code ..data}, itself a link that is swapped for a new one. */
  @Test
  void config_maps_are_followed_when_they_are_swapped() throws Exception {
    Path map = data.resolve("profiles");
    Files.delete(map.resolve("default.json"));
    Path one = Files.createDirectories(map.resolve("..2026_11_20_01"));
    Files.writeString(one.resolve("default.json"), profileOf("talos.platform=metal"));
    Files.createSymbolicLink(map.resolve("..data"), Path.of("..2026_11_20_01"));
    Files.createSymbolicLink(map.resolve("default.json"), Path.of("..data/default.json"));
    try (var server = start(command(Moonboot.SCRIPT.toString(), flags()), Map.of())) {
      answersAsMatchbox(server);

      Path two = Files.createDirectories(map.resolve("..2026_11_20_02"));
      Files.writeString(two.resolve("default.json"), profileOf("talos.platform=nocloud"));
      Files.createSymbolicLink(map.resolve("..data_tmp"), Path.of("..2026_11_20_02"));
      Files.move(map.resolve("..data_tmp"), map.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      String swapped = SCRIPT.replace("metal", "nocloud");
      server.await("swapped", SOON, () -> body(server, "/ipxe").equals(swapped));
    }
  }

  private static String body(ServerProcess server, String path) {
    try {
      return new String(server.body(path), UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** As installed, for another user, with data that it can read only. */
  @Test
  void data_that_cannot_be_written_is_served_by_any_user() throws Exception {
    Path installed = install();
    open(folder);
    List<String> command =
        command(
            Requires.program("setpriv").toString(),
            List.of("--reuid=65534", "--regid=65534", "--clear-groups"));
    command.add(installed.resolve("moonboot").toString());
    command.addAll(flags());
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
    Map<String, String> environment =
        Map.of("MOONBOOT_JVM_OPTIONS", "-Djava.io.tmpdir=" + temporary);
    try (var server = start(command, environment)) {
      answersAsMatchbox(server);
      assertEquals(
          1, server.log().lines().filter(line -> line.contains("cannot be written")).count());
      assertFalse(Files.exists(data.resolve(".moonboot")));
      server.signal("TERM");
      assertEquals(143, server.exit(SOON));
    }
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList());
    }
    unreadable(command.subList(0, command.indexOf("--clear-groups") + 2));
  }

  /** What a user may not read is not left behind in silence. */
  private void unreadable(List<String> moonboot) throws Exception {
    Path secret = data.resolve("groups/secret.json");
    Files.writeString(secret, "{}");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    List<String> command = new ArrayList<>(moonboot);
    command.addAll(List.of("import", data.toString(), "--dry-run"));
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertEquals(1, process.waitFor(), said);
    assertTrue(
        said.startsWith(
            "moonboot: 1 files or folders cannot be read, groups/secret.json for one: "),
        said);
  }

  /** The program as a package puts it, apart from any checkout. */
  private Path install() throws IOException {
    Path target = Moonboot.SCRIPT.resolveSibling("server/target");
    Path to = Files.createDirectories(folder.resolve("installed"));
    Files.copy(Moonboot.SCRIPT, to.resolve("moonboot"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(target.resolve("moonboot.jar"), to.resolve("moonboot.jar"));
    Path lib = Files.createDirectories(to.resolve("lib"));
    try (Stream<Path> jars = Files.list(target.resolve("lib"))) {
      for (Path jar : jars.toList()) {
        Files.copy(jar, lib.resolve(jar.getFileName()));
      }
    }
    return to;
  }

  /** Lets everybody read. */
  private static void open(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.toList()) {
        boolean runs = Files.isDirectory(path) || path.endsWith("moonboot");
        Files.setPosixFilePermissions(
            path, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
  }

  @Test
  void https_is_spoken_where_web_ssl_asks_for_it() throws Exception {
    Path key = folder.resolve("web.key");
    Path certificate = folder.resolve("web.crt");
    run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=boot",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString());
    byte[] large = new byte[3 << 20];
    Files.write(data.resolve("assets/large"), large);
    List<String> flags =
        flags("-web-ssl=true", "-web-cert-file=" + certificate, "-web-key-file=" + key);
    try (var server = start(command(Moonboot.SCRIPT.toString(), flags), Map.of())) {
      String url = "https://127.0.0.1:" + server.http().getPort();
      assertEquals(SCRIPT, run("curl", "-sS", "--cacert", certificate.toString(), url + "/ipxe"));
      assertEquals(
          "200 " + large.length + " 1.1",
          run(
              "curl",
              "-sS",
              "--cacert",
              certificate.toString(),
              "-o",
              folder.resolve("got").toString(),
              "-w",
              "%{http_code} %{size_download} %{http_version}",
              url + "/assets/large"));
      assertEquals(-1, Files.mismatch(folder.resolve("got"), data.resolve("assets/large")));
    }
  }

  /** The gRPC API with mutual TLS, its protocol chosen by ALPN. */
  @Test
  void grpc_is_spoken_where_an_address_is_given() throws Exception {
    Path certificate = folder.resolve("rpc.crt");
    Path key = folder.resolve("rpc.key");
    run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=fake-ca",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString());
    List<String> flags =
        flags(
            "-rpc-address=127.0.0.1:0",
            "-cert-file=" + certificate,
            "-key-file=" + key,
            "-ca-file=" + certificate);
    try (var server = start(command(Moonboot.SCRIPT.toString(), flags), Map.of())) {
      answersAsMatchbox(server);
      var grpc = Pattern.compile(" grpc=(127[.]0[.]0[.]1:\\d+) ").matcher(server.log());
      assertTrue(grpc.find(), server.log());
      String handshake =
          run(
              "openssl",
              "s_client",
              "-connect",
              grpc.group(1),
              "-alpn",
              "h2",
              "-cert",
              certificate.toString(),
              "-key",
              key.toString());
      assertTrue(handshake.contains("ALPN protocol: h2"), handshake);
    }
  }

  private static String run(String program, String... arguments) throws Exception {
    List<String> command = command(Requires.program(program).toString(), List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), String.join(" ", command));
    return out;
  }
}
