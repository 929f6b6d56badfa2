package dev.moonboot.openpgp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.SecretFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * With what answers to nodes are signed.
 *
 * @param signer null when nothing is signed
 */
public record SigningConfig(@Nullable Signer signer) {
  /** Nothing is signed. */
  public static final SigningConfig NONE = new SigningConfig(null);

  private static final System.Logger LOG = System.getLogger(SigningConfig.class.getName());

  private static final int LONGEST_PASSPHRASE = 4096;

  /** Reads the section {@code signing}, and the key ring that it names. */
  public static SigningConfig read(ConfigReader in) {
    return read(in, null, false);
  }

  /**
   * As {@link #read(ConfigReader)}.
   *
   * @param passphrase of that key, where no file says it; null when there is none
   * @param readable whether others than its owner may read the key ring; it is warned of then
   */
  public static SigningConfig read(ConfigReader in, @Nullable String passphrase, boolean readable) {
    Optional<Path> ring =
        in.optionalPath(
            "key-ring",
            "a file of OpenPGP secret keys; answers to nodes are signed with the first one at"
                + " /<endpoint>.sig and .asc; without it nothing is signed");
    Optional<Path> file =
        in.optionalPath("passphrase-file", "the passphrase of that key, on the first line");
    if (ring.isEmpty()) {
      file.ifPresent(
          _ -> in.problem("passphrase-file", "opens nothing: set signing.key-ring, too"));
      return NONE;
    }
    boolean admitted = isAdmitted(in, "key-ring", ring.get(), readable);
    if (file.isPresent()) {
      admitted &= isAdmitted(in, "passphrase-file", file.get(), readable);
    }
    return admitted ? open(in, ring.get(), file, passphrase) : NONE;
  }

  private static SigningConfig open(
      ConfigReader in, Path ring, Optional<Path> file, @Nullable String passphrase) {
    try {
      return new SigningConfig(
          KeyRing.open(ring, file.isPresent() ? firstLine(file.get()) : passphrase));
    } catch (KeyRingException e) {
      String message = String.valueOf(e.getMessage());
      boolean missing = file.isEmpty() && message.contains("missing passphrase");
      in.problem("key-ring", missing ? message + "; set signing.passphrase-file" : message);
    } catch (IOException e) {
      in.problem("passphrase-file", "cannot be read: " + e);
    }
    return NONE;
  }

  /** False when others than its owner may read it, and that will not do; it is told anyway. */
  private static boolean isAdmitted(ConfigReader in, String key, Path file, boolean readable) {
    Optional<String> complaint = SecretFile.complaint(file, System.getenv("CREDENTIALS_DIRECTORY"));
    if (readable) {
      complaint.ifPresent(why -> LOG.log(Level.WARNING, why));
      return true;
    }
    complaint.ifPresent(why -> in.problem(key, why));
    return complaint.isEmpty();
  }

  private static String firstLine(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(LONGEST_PASSPHRASE), UTF_8);
      return text.lines().findFirst().orElse("");
    }
  }
}
