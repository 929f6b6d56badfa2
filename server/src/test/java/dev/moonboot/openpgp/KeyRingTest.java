package dev.moonboot.openpgp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With keys that the real gpg has made, and it verifies. */
class KeyRingTest {
  @TempDir static Path folder;

  private static GnuPg gpg;

  @BeforeAll
  static void keys() throws IOException {
    gpg = new GnuPg(folder);
    gpg.generate("plain@x", "rsa2048", "");
    gpg.generate("locked@x", "rsa2048", "open sesame");
    gpg.generate("small@x", "rsa1024", "");
    gpg.generate("edward@x", "ed25519", "s3cret");
    gpg.generate("nist@x", "nistp256", "");
  }

  @AfterAll
  static void end() throws IOException {
    gpg.close();
  }

  private static Signer open(String user, @Nullable String passphrase, String... options)
      throws Exception {
    return KeyRing.open(
        gpg.export(user, passphrase == null ? "" : passphrase, options), passphrase);
  }

  private static void signs(Signer signer, String user) throws IOException {
    byte[] text = "#!ipxe\nkernel /k\nboot\n".getBytes(UTF_8);
    String good = user + " version=4 hash=8 class=01";
    byte[] signature = signer.sign(text);
    assertEquals(good, gpg.verify(signature, text));
    assertEquals(good, gpg.verify(signer.armored(signature).getBytes(US_ASCII), text));
  }

  @ParameterizedTest
  @CsvSource({"plain@x,", "small@x,", "nist@x,", "locked@x, open sesame", "edward@x, s3cret"})
  void signs_with_what_gpg_exports(String user, @Nullable String passphrase) throws Exception {
    signs(open(user, passphrase), user);
    signs(open(user, passphrase, "--armor"), user);
  }

  @ParameterizedTest
  @CsvSource({
    "AES256, SHA512",
    "CAMELLIA192, SHA384",
    "CAST5, SHA1",
    "3DES, SHA1",
    "TWOFISH, SHA256"
  })
  void opens_old_and_new_ways_to_lock_a_key(String cipher, String digest) throws Exception {
    String user = cipher + "." + digest + "@x";
    gpg.run(
        "--s2k-cipher-algo",
        cipher,
        "--s2k-digest-algo",
        digest,
        "--passphrase",
        "p",
        "--quick-generate-key",
        user,
        "rsa1024",
        "sign",
        "never");
    signs(open(user, "p", "--s2k-cipher-algo", cipher, "--s2k-digest-algo", digest), user);
  }

  @Test
  void signs_with_the_primary_key_of_the_first_entity() throws Exception {
    Path two = folder.resolve("two.gpg");
    Files.write(two, Files.readAllBytes(gpg.export("small@x", "")));
    Files.write(two, Files.readAllBytes(gpg.export("plain@x", "")), StandardOpenOption.APPEND);
    signs(KeyRing.open(two, null), "small@x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "one line",
        "one line\n",
        "a\nb\nc",
        "a\r\nb\r\n",
        "a\nb\r\nc\n\n\n",
        "white space  \t\nstays \n",
        "- dashes\n-----BEGIN\n",
        "ünicode €\n",
        "a\rb\n",
      })
  void gpg_verifies_any_text(String text) throws Exception {
    byte[] bytes = text.getBytes(UTF_8);
    assertEquals(
        "plain@x version=4 hash=8 class=01", gpg.verify(open("plain@x", null).sign(bytes), bytes));
  }

  @Test
  void gpg_verifies_a_large_text_of_many_lines() throws Exception {
    byte[] bytes = "a line of a config\nand another\r\n".repeat(20_000).getBytes(UTF_8);
    assertEquals(
        "edward@x version=4 hash=8 class=01",
        gpg.verify(open("edward@x", "s3cret").sign(bytes), bytes));
  }

  @Test
  void the_armor_is_that_of_matchbox() throws Exception {
    Signer signer = open("small@x", null);
    List<String> lines = signer.armored(signer.sign(new byte[] {1})).lines().toList();
    assertEquals("-----BEGIN PGP SIGNATURE-----", lines.get(0));
    assertEquals("", lines.get(1));
    assertTrue(lines.get(lines.size() - 2).matches("=[A-Za-z0-9+/]{4}"), lines.toString());
    assertEquals("-----END PGP SIGNATURE-----", lines.getLast());
    assertTrue(!signer.armored(new byte[] {1}).endsWith("\n"));
  }

  @Test
  void the_time_and_the_issuer_are_signed() throws Exception {
    byte[] signature = open("plain@x", null).sign(new byte[0]);
    Path file = Files.write(folder.resolve("packets.sig"), signature);
    String packets = gpg.run("--list-packets", file.toString());
    assertTrue(packets.contains("version 4, created "), packets);
    assertTrue(packets.contains("sigclass 0x01"), packets);
    assertTrue(packets.contains("hashed subpkt 2 len 4"), packets);
    assertTrue(packets.contains("hashed subpkt 16 len 8"), packets);
    assertEquals(2, packets.lines().filter(line -> line.contains("subpkt")).count(), packets);
  }

  @Test
  void many_sign_at_once() throws Exception {
    Signer signer = open("small@x", null);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<byte[]>> tasks =
          IntStream.range(0, 64)
              .<Callable<byte[]>>mapToObj(i -> () -> signer.sign(("body " + i).getBytes(UTF_8)))
              .toList();
      List<Future<byte[]>> made = threads.invokeAll(tasks);
      for (int i : List.of(0, 31, 63)) {
        assertEquals(
            "small@x version=4 hash=8 class=01",
            gpg.verify(made.get(i).get(), ("body " + i).getBytes(UTF_8)));
      }
    }
  }

  private static String problem(Path file, @Nullable String passphrase) {
    return String.valueOf(
        assertThrows(KeyRingException.class, () -> KeyRing.open(file, passphrase)).getMessage());
  }

  @Test
  void what_cannot_be_signed_with_is_told() throws Exception {
    Path locked = gpg.export("locked@x", "open sesame");
    Path publicKey = folder.resolve("public.gpg");
    gpg.run("--yes", "--output", publicKey.toString(), "--export", "plain@x");
    Path subkeys = folder.resolve("subkeys.gpg");
    gpg.run("--passphrase", "", "--quick-generate-key", "sub@x", "rsa1024", "cert,sign", "never");
    gpg.run("--passphrase", "", "--quick-add-key", fingerprint("sub@x"), "rsa1024", "sign");
    gpg.run(
        "--passphrase",
        "",
        "--yes",
        "--output",
        subkeys.toString(),
        "--export-secret-subkeys",
        "sub@x");
    Path empty = Files.createFile(folder.resolve("empty.gpg"));
    Path garbage = Files.writeString(folder.resolve("garbage.gpg"), "baz\n");
    Path cut = folder.resolve("cut.gpg");
    byte[] whole = Files.readAllBytes(gpg.export("plain@x", ""));
    Files.write(cut, Arrays.copyOf(whole, 300));
    Path missing = folder.resolve("missing.gpg");
    Map<Path, String> problems =
        Map.of(
            locked, "sign: missing passphrase for encrypted private key: ",
            publicKey, "sign: the first key of ",
            subkeys, "sign: the primary key of ",
            empty, "sign: provided key ring file contained no keys: ",
            missing, "sign: there is no key ring ");
    problems.forEach((file, begins) -> {
      String problem = problem(file, null);
      assertTrue(problem.startsWith(begins + file), problem);
    });
    assertTrue(
        problem(locked, "wrong")
            .startsWith("openpgp: invalid data: private key checksum failure: the passphrase"));
    for (Path file : List.of(garbage, cut)) {
      String problem = problem(file, null);
      assertTrue(problem.startsWith("sign: ") && problem.contains(file.toString()), problem);
    }
  }

  private static String fingerprint(String user) {
    return gpg.run("--with-colons", "--list-keys", user)
        .lines()
        .filter(line -> line.startsWith("fpr:"))
        .findFirst()
        .orElseThrow()
        .split(":", -1)[9];
  }
}
