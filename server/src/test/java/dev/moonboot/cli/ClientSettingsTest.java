package dev.moonboot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientSettingsTest {
  @TempDir Path home;

  private final AdminOptions options = new AdminOptions();
  private final Map<String, String> environment = new HashMap<>();

  private ClientSettings settings() {
    environment.put("HOME", home.toString());
    return ClientSettings.of(options, environment);
  }

  private String refused() {
    var refused = assertThrows(CliException.class, this::settings);
    assertEquals(CliException.USAGE, refused.exitCode());
    return String.valueOf(refused.getMessage());
  }

  private Path file(String name, String mode, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @Test
  void without_anything_this_machine_is_asked_without_a_token() {
    assertEquals(new ClientSettings(URI.create("http://127.0.0.1:8090"), null, null), settings());
  }

  @Test
  void options_go_before_variables_and_these_before_the_file() throws IOException {
    file(
        ".config/moonboot/admin.yaml",
        "rw-------",
        "address: https://in.file:1\ntoken: in-file\nca: ca.pem\n");
    Path ca = home.resolve(".config/moonboot/ca.pem");
    assertEquals(new ClientSettings(URI.create("https://in.file:1"), "in-file", ca), settings());

    environment.put(ClientSettings.TOKEN_FILE, file("t1", "rw-------", "from-file\n").toString());
    environment.put(ClientSettings.ADDRESS, "127.0.0.1:2");
    environment.put(ClientSettings.CA, "/env.pem");
    assertEquals(
        new ClientSettings(URI.create("http://127.0.0.1:2"), "from-file", Path.of("/env.pem")),
        settings());
    environment.put(ClientSettings.TOKEN, "in-variable");
    assertEquals("in-variable", settings().token());

    options.address = "https://option:3/";
    options.tokenFile = file("t2", "r--------", "  by-option\n");
    options.ca = Path.of("/option.pem");
    assertEquals(
        new ClientSettings(URI.create("https://option:3"), "by-option", Path.of("/option.pem")),
        settings());
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:1,http://localhost:1",
    "http://[::1]:1/,http://[::1]:1",
    "https://a,https://a"
  })
  void an_address_may_be_written_short(String given, String meant) {
    options.address = given;
    assertEquals(URI.create(meant), settings().address());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://a", "http://", "http://a/b", "http://u:p@a", "http://a?x", "a b"})
  void what_is_no_address_is_told(String given) {
    options.address = given;
    assertTrue(refused().contains("is no address of an admin listener"));
  }

  @Test
  void a_file_with_a_token_that_others_can_read_is_refused() throws IOException {
    options.tokenFile = file("t", "rw-r-----", "token");
    assertTrue(refused().contains("chmod 600 " + options.tokenFile), refused());
    options.tokenFile = null;
    file(".config/moonboot/admin.yaml", "rw-r--r--", "token: x\n");
    assertTrue(refused().contains("which holds a token"), refused());
    file(".config/moonboot/admin.yaml", "rw-r--r--", "address: localhost:1\n");
    assertNull(settings().token());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "two words", "two\nlines"})
  void a_token_file_holds_one_token(String text) throws IOException {
    options.tokenFile = file("t", "rw-------", text);
    assertTrue(refused().contains("must hold one token"), refused());
  }

  @Test
  void a_token_is_not_sent_where_others_can_read_it() {
    environment.put(ClientSettings.TOKEN, "t");
    options.address = "http://192.0.2.1:8090";
    assertTrue(refused().startsWith("the token is not sent to http://192.0.2.1:8090"), refused());
    options.address = "https://192.0.2.1:8090";
    assertEquals("t", settings().token());
  }

  @Test
  void an_unknown_key_in_the_file_is_told_with_its_place() throws IOException {
    Path file = file(".config/moonboot/admin.yaml", "rw-------", "adress: x\n");
    assertTrue(refused().contains(file + ":1:1: unknown key adress; did you mean address?"));
  }

  @Test
  void a_token_is_never_printed() {
    environment.put(ClientSettings.TOKEN, "very-secret");
    assertFalse(settings().toString().contains("very-secret"));
  }
}
