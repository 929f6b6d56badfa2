package dev.moonboot.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.ConfigProblems;
import dev.moonboot.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RpcConfigTest {
  @TempDir private Path folder;
  private Authority authority;
  private final Map<String, String> keys = new HashMap<>();
  private List<String> problems = List.of();

  @BeforeEach
  void files() throws IOException {
    authority = new Authority(folder.resolve("ca"));
    authority.issue("server", "server");
    keys.put("address", "127.0.0.1:8081");
    keys.put("certificate", authority.file("server.crt").toString());
    keys.put("key", authority.file("server.key").toString());
    keys.put("client-ca", authority.certificate().toString());
  }

  private Optional<RpcConfig> read() {
    var found = new ConfigProblems();
    Optional<RpcConfig> config = RpcConfig.read(ConfigReader.of(keys, found));
    problems = found.all();
    return config;
  }

  @Test
  void grpc_is_off_without_an_address() {
    keys.clear();
    assertEquals(Optional.empty(), read());
    assertEquals(List.of(), problems);
  }

  @Test
  void every_accepted_client_may_do_everything_unless_told_otherwise() {
    assertEquals(ClientRoles.ANY, read().orElseThrow().roles());
    assertEquals(List.of(), problems);
  }

  @Test
  void g_04_an_address_without_certificates_is_an_error() {
    keys.keySet().removeIf(key -> !key.equals("address"));
    assertEquals(Optional.empty(), read());
    assertEquals(3, problems.size(), problems::toString);
    for (String key : List.of("certificate", "key", "client-ca")) {
      assertTrue(
          problems.stream().anyMatch(problem -> problem.contains(key + ": must be set where")),
          problems::toString);
    }
  }

  @Test
  void g_04_a_key_that_others_can_read_is_an_error() throws IOException {
    Files.setPosixFilePermissions(
        authority.file("server.key"), PosixFilePermissions.fromString("rw-r--r--"));
    read();
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.getFirst().contains("can be read or written by anybody"));
    var found = new ConfigProblems();
    assertTrue(RpcConfig.read(ConfigReader.of(keys, found), true).isPresent());
    assertEquals(List.of(), found.all(), "as matchbox does, if asked to");
  }

  @Test
  void g_04_files_that_are_none_are_an_error() throws IOException {
    keys.put("client-ca", Files.writeString(folder.resolve("empty"), "").toString());
    keys.put("key", folder.resolve("missing").toString());
    read();
    assertEquals(2, problems.size(), problems::toString);
    keys.put("key", authority.file("server.key").toString());
    keys.put("client-ca", authority.certificate().toString());
    keys.put("client-crl", Files.writeString(folder.resolve("none"), "no list").toString());
    read();
    assertEquals(1, problems.size(), problems::toString);
  }

  @Test
  void a_fingerprint_is_read_as_openssl_prints_it() {
    String plain = "sha256:" + "0a".repeat(32);
    assertEquals(plain, Fingerprint.KIND.parser().apply("0A:".repeat(31) + "0A").text());
    assertEquals(plain, Fingerprint.KIND.parser().apply(plain).text());
  }
}
