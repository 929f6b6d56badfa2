package dev.moonboot.openpgp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real gpg with a home of its own: makes keys, and verifies what was signed. */
public final class GnuPg implements AutoCloseable {
  private static final Pattern VALID =
      Pattern.compile("\\[GNUPG:] VALIDSIG \\w+ \\S+ \\d+ \\d+ (\\d+) \\d+ \\d+ (\\d+) (\\w+) .*");

  private final Path gpg = Requires.program("gpg");
  private final Path home;
  private final Path work;

  /**
   * @param folder a temporary one
   */
  public GnuPg(Path folder) throws IOException {
    this.home = Files.createDirectories(folder.resolve("gnupg"));
    this.work = folder;
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
  }

  /** Makes a key of that algorithm, as {@code --quick-generate-key} names them. */
  public void generate(String user, String algorithm, String passphrase) {
    run("--passphrase", passphrase, "--quick-generate-key", user, algorithm, "sign", "never");
  }

  /** The secret keys of that user (of all without one), in a file that only its owner may read. */
  public Path export(String user, String passphrase, String... options) throws IOException {
    Path file = Files.createTempFile(work, "secring", ".gpg");
    List<String> arguments = new ArrayList<>(List.of("--yes", "--passphrase", passphrase));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("--output", file.toString(), "--export-secret-keys"));
    if (!user.isEmpty()) {
      arguments.add(user);
    }
    run(arguments.toArray(String[]::new));
    return file;
  }

  /** The user whose good signature that is, and how it was made: version, hash, class. */
  public String verify(byte[] signature, byte[] text) throws IOException {
    Path sig = Files.write(Files.createTempFile(work, "body", ".sig"), signature);
    Path body = Files.write(Files.createTempFile(work, "body", ""), text);
    String said = run("--status-fd", "1", "--verify", sig.toString(), body.toString());
    Matcher good = Pattern.compile("\\[GNUPG:] GOODSIG \\w+ (\\S+)").matcher(said);
    Matcher valid = VALID.matcher(said);
    return good.find() && valid.find()
        ? "%s version=%s hash=%s class=%s"
            .formatted(good.group(1), valid.group(1), valid.group(2), valid.group(3))
        : said;
  }

  /** Runs gpg, which has to say yes; returns what it says. */
  public String run(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                gpg.toString(),
                "--homedir",
                home.toString(),
                "--batch",
                "--no-tty",
                "--pinentry-mode",
                "loopback",
                "--trust-model",
                "always"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertEquals(0, process.waitFor(), said);
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Ends the agent that gpg started for this home. */
  @Override
  public void close() throws IOException {
    try {
      new ProcessBuilder("gpgconf", "--homedir", home.toString(), "--kill", "all")
          .redirectErrorStream(true)
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
