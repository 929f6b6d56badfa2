package dev.moonboot.server;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.config.ConfigException;
import dev.moonboot.config.ConfigKey;
import dev.moonboot.config.Configuration;
import dev.moonboot.config.SecretFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplianceConfigTest {
  @TempDir Path folder;

  private ApplianceConfig read(String yaml) throws IOException {
    return load(yaml).value();
  }

  private Configuration<ApplianceConfig> load(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("moonboot.yaml"), yaml);
    return Configuration.load(file, Map.of(), ApplianceConfig::read);
  }

  /** Who calls another machine's admin listener also writes and checks configurations. */
  @Test
  void the_address_that_moonboot_admin_calls_is_no_setting() throws IOException {
    Path file = Files.writeString(folder.resolve("moonboot.yaml"), "");
    var read =
        Configuration.load(
            file,
            Map.of("MOONBOOT_ADMIN_ADDRESS", "https://boot.example:8443"),
            ApplianceConfig::read);
    assertEquals(load("").value().admin(), read.value().admin());
  }

  private List<String> problems(String yaml) {
    var failed = assertThrows(ConfigException.class, () -> read(yaml));
    return failed.problems().stream().map(p -> p.replace(folder + "/moonboot.yaml", "F")).toList();
  }

  @Test
  void defaults_open_the_boot_side_and_keep_the_admin_side_to_this_machine() throws IOException {
    ApplianceConfig config = read("");
    assertEquals(new InetSocketAddress(8080), config.http().bind());
    assertTrue(requireNonNull(config.admin()).bind().getAddress().isLoopbackAddress());
    assertEquals(List.of(), config.channels().channels());
    assertNull(config.channels().defaultChannel());
  }

  @Test
  void a_channel_alone_is_the_default() throws IOException {
    ApplianceConfig config =
        read("channels: {custom: {image: 'ghcr.io/acme/talos:demo', arch: arm64}}");
    assertEquals("custom", config.channels().defaultChannel());
    assertEquals(List.of(Arch.ARM64), config.channels().channels().getFirst().arches());
    assertEquals(
        "ghcr.io/acme/talos:demo", config.channels().channels().getFirst().image().toString());
  }

  @Test
  void paths_start_at_the_folder_of_the_file() throws IOException {
    ApplianceConfig config = read("{data: ., cache: /var/c, registry: {ca: ca.pem}}");
    assertEquals(folder, config.data().normalize());
    assertEquals(Path.of("/var/c"), config.cache());
    assertEquals(List.of(folder.resolve("ca.pem")), config.registry().extraCa());
  }

  @Test
  void f_07_an_invalid_range_of_addresses_is_an_error() {
    assertEquals(
        List.of(
            "F:1:8: tftp.allowed-nets: \"10.0.0.0/33\" is not an address range such as 10.0.0.0/8"
                + " (not an address range: 10.0.0.0/33; write it like 10.0.0.0/8 or fd00::/8)"),
        problems("tftp: {allowed-nets: [10.0.0.0/33]}"));
  }

  @Test
  void a_key_of_an_older_configuration_is_told_its_new_name() {
    assertEquals(
        List.of("F:1:8: tftp.ipxe is called loaders.folder now: write it there"),
        problems("tftp: {ipxe: /usr/lib/ipxe}"));
  }

  @Test
  void f_09_two_channels_of_one_name_are_an_error() {
    assertEquals(
        List.of("F:3:3: channels.a is set twice, first at F:2:3"),
        problems("channels:\n  a: {image: 'x.example/t:1'}\n  a: {image: 'x.example/t:2'}\n"));
  }

  @Test
  void f_09_a_channel_without_an_architecture_is_an_error() {
    assertEquals(
        List.of("F:1:40: channels.a.arch: channel a lists no architecture"),
        problems("channels: {a: {image: 'x.example/t:1', arch: []}}"));
  }

  @Test
  void a_channel_says_what_its_images_hold() throws IOException {
    ChannelsConfig channels =
        read("""
        channels:
          talos: {image: 'x.example/t:1'}
          ipxe: {image: 'x.example/i:1', content: loaders, arch: [amd64]}
          pi: {image: 'x.example/p:1', content: firmware}
        """)
            .channels();
    assertEquals(
        List.of("ipxe loaders [AMD64]", "pi firmware [ARM64]", "talos boot [AMD64, ARM64]"),
        channels.channels().stream()
            .map(c -> c.name() + " " + c.content().id() + " " + c.arches())
            .toList());
    assertEquals("talos", channels.defaultChannel());
  }

  @Test
  void a_channel_of_something_else_is_never_what_is_booted_by_default() {
    assertEquals(
        List.of(
            "F:2:49: channels.a.default: the channel holds loaders, nothing to boot",
            "F:3:50: channels.b.arch: firmware is for the Raspberry Pi, which is arm64 only; leave"
                + " it out"),
        problems(
            """
            channels:
              a: {image: 'x.example/t:1', content: loaders, default: true}
              b: {image: 'x.example/t:2', content: firmware, arch: [arm64, amd64]}
            """));
  }

  @Test
  void f_09_two_default_channels_are_an_error() {
    assertEquals(
        List.of("F:3:31: channels.b.default: only one channel can be the default: [a, b]"),
        problems(
            """
            channels:
              a: {image: 'x.example/t:1', default: true}
              b: {image: 'x.example/t:2', default: true}
            """));
  }

  @Test
  void a_04_an_admin_listener_that_others_can_reach_needs_tls_and_tokens() {
    List<String> problems = problems("admin: {address: '0.0.0.0:8090'}");
    assertEquals(2, problems.size());
    assertTrue(
        problems.getFirst().startsWith("F:1:9: admin.address: the admin listener cannot"),
        problems.getFirst());
    assertTrue(problems.getLast().contains("admin.tokens: must be set where"), problems.getLast());
  }

  @Test
  void f_05_a_password_in_the_file_is_warned_of_and_never_shown() throws IOException {
    var loaded = load("registry: {proxy: {url: 'http://me:hush@proxy.example:3128'}}");
    assertEquals(
        "me:hush",
        String.valueOf(loaded.value().registry().proxy()).replaceAll(".*//(.*)@.*", "$1"));
    assertTrue(
        loaded.settings().stream().noneMatch(setting -> setting.toString().contains("hush")));
    assertTrue(RegistryConfig.caution(loaded).orElse("").contains("registry.proxy.url holds"));
    var fromVariable =
        Configuration.load(
            Files.writeString(folder.resolve("moonboot.yaml"), ""),
            Map.of("MOONBOOT_REGISTRY_PROXY_URL", "http://me:hush@proxy.example:3128"),
            ApplianceConfig::read);
    assertEquals(Optional.empty(), RegistryConfig.caution(fromVariable));
  }

  @Test
  void f_05_other_secrets_stand_in_files_of_their_own() {
    for (ConfigKey key : Configuration.keys(ApplianceConfig::read)) {
      if (key.key().matches(".*(token|password|secret|credential|docker-config|private).*")) {
        assertTrue(key.kind().matches(".*(path|duration|number|true).*"), key.toString());
      }
    }
  }

  @Test
  void f_06_credentials_that_others_can_read_are_an_error() throws IOException {
    Path secret = Files.writeString(folder.resolve("auth.json"), "{}");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
    assertEquals(
        List.of(
            "F:1:12: registry.docker-config: %1$s holds secrets and not only its owner may use"
                    .formatted(secret)
                + " it: chmod 600 "
                + secret),
        problems("registry: {docker-config: auth.json}"));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    assertEquals(secret, read("registry: {docker-config: auth.json}").registry().dockerConfig());
  }

  @Test
  void f_06_what_systemd_passes_is_guarded_by_systemd() throws IOException {
    Path secret = Files.writeString(folder.resolve("auth.json"), "{}");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--r-----"));
    assertTrue(SecretFile.complaint(secret, null).isPresent());
    assertEquals(Optional.empty(), SecretFile.complaint(secret, folder.toString()));
  }
}
