package dev.moonboot.ec2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserDataTest {
  private static final ServerUrl SERVER = ServerUrl.of("http://10.0.1.5:8080/", true);

  /** The script without its comments. */
  private static String commands(UserData data) {
    return data.script()
        .lines()
        .filter(line -> line.equals("#!ipxe") || !line.startsWith("#"))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void asks_for_the_nodes_own_script_until_it_boots() {
    assertEquals(
        """
        #!ipxe
        set server http://10.0.1.5:8080
        set tries:int32 0
        :again
        chain ${server}/ipxe?mac=${net0/mac:hexhyp}&uuid=${uuid}&serial=${serial:uristring}\
        &product=${product:uristring}&manufacturer=${manufacturer:uristring}\
        &asset=${smbios/2.8.0:uristring}&arch=${buildarch:uristring}\
        &platform=${platform:uristring} && exit 0 ||
        inc tries
        echo moonboot: no boot from ${server} (try ${tries}): see the line above, the security group, and its log
        iseq ${tries} 60 && reboot ||
        sleep 5
        goto again
        """,
        commands(new UserData(SERVER, Optional.empty(), "ttyS0")));
  }

  @ParameterizedTest
  @CsvSource({"ARM64, arm64, ''", "AMD64, x86_64, 'iseq ${buildarch} i386 && goto again ||'"})
  void says_so_on_an_instance_of_the_other_architecture(Arch arch, String name, String other) {
    String script = commands(new UserData(SERVER, Optional.of(arch), "ttyS0"));
    assertTrue(
        script.contains(
            "set tries:int32 0\niseq ${buildarch} "
                + name
                + " && goto again ||\n"
                + (other.isEmpty() ? "" : other + "\n")
                + ":wrong_arch\necho moonboot: this user data is for "
                + arch.id()),
        script);
    assertTrue(script.contains("goto wrong_arch\n:again\n"), script);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ttyS0", "ttyS1,115200n8"})
  void tells_the_reader_what_the_profile_needs(String console) {
    String script = new UserData(SERVER, Optional.empty(), console).script();
    assertTrue(script.contains("#   console=" + console + ": or"), script);
    assertTrue(script.contains("#   talos.platform=metal: with"), script);
    assertTrue(script.contains("HttpTokens=required"), script);
    assertFalse(script.matches("(?s).*\\b(SERVER|CONSOLE|GUARD|OTHER|NAME|ARCH)\\b.*"), script);
  }

  @Test
  void fits_into_user_data_even_with_the_longest_url() {
    var server = ServerUrl.of("http://" + "a".repeat(63) + "/" + "p".repeat(900), true);
    byte[] script =
        new UserData(server, Optional.of(Arch.AMD64), "ttyS0").script().getBytes(US_ASCII);
    assertTrue(script.length < UserData.MOST_BYTES, script.length + " bytes");
    assertFalse(new String(script, US_ASCII).contains("?\n"), "only ASCII");
  }

  @ParameterizedTest
  @CsvSource({
    "http://10.0.1.5:8080, http://10.0.1.5:8080",
    "http://10.0.1.5:8080//, http://10.0.1.5:8080",
    "https://boot.vpc.example/m, https://boot.vpc.example/m",
    "'http://[fd00::5]:8080', 'http://[fd00::5]:8080'"
  })
  void reads_the_urls_of_servers(String given, String text) {
    assertEquals(text, ServerUrl.of(given, true).text());
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080, means the instance itself",
    "http://LOCALHOST:8080, means the instance itself",
    "'http://[::1]:8080', means the instance itself",
    "http://0.0.0.0:8080, where moonboot listens",
    "'http://[::]:8080', where moonboot listens",
    "http://169.254.169.254, link-local",
    "'http://[fe80::1]', link-local",
    "http://224.0.0.1, multicast",
    "http://300.1.1.1, no URL of a server",
    "http://u:p@10.0.0.1, user name or a password",
    "http://10.0.0.1/ipxe?mac=1, has a ? or a #",
    "tftp://10.0.0.1/x, no URL of a server",
    "10.0.0.1:8080, no URL",
    "http://10.0.0.1/${mac}, no URL",
    "http://10.0.0.1/a b, no URL",
    "'', no URL"
  })
  void refuses_urls_that_no_instance_can_use(String given, String why) {
    var refused = assertThrows(IllegalArgumentException.class, () -> ServerUrl.of(given, true));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }

  @Test
  void https_needs_an_ipxe_that_has_it() {
    assertTrue(ServerUrl.of("https://10.0.0.1", true).isHttps());
    var refused =
        assertThrows(IllegalArgumentException.class, () -> ServerUrl.of("https://10.0.0.1", false));
    assertTrue(String.valueOf(refused.getMessage()).contains("--without-https"));
  }
}
