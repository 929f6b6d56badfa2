package dev.moonboot.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file of tokens, one a line: {@code name role token}, or {@code name role sha256:<hex>} with
 * the token's SHA-256. Empty lines and those that begin with {@code #} do not count.
 */
final class TokenFile {
  /** Fewer characters could be guessed. */
  static final int SHORTEST = 32;

  private static final long LARGEST = 256 * 1024;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private TokenFile() {}

  /**
   * The tokens in the file, in its order.
   *
   * @param credentials the folder in which systemd puts credentials; null for none. A file there
   *     that root owns may be readable for a group: an access list makes it look so
   * @throws TokenFileException when others may read it, or it has anything else in it
   */
  static List<Token> read(Path file, @Nullable Path credentials) throws TokenFileException {
    try {
      requirePrivate(file, credentials);
      if (Files.size(file) > LARGEST) {
        throw new TokenFileException(file + " has more than " + LARGEST / 1024 + " KiB");
      }
      return parse(Files.readString(file, UTF_8));
    } catch (IOException e) {
      throw new TokenFileException(file + " cannot be read: " + e);
    }
  }

  private static void requirePrivate(Path file, @Nullable Path credentials)
      throws IOException, TokenFileException {
    PosixFileAttributes now = Files.readAttributes(file, PosixFileAttributes.class);
    Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
    open.retainAll(now.permissions());
    boolean fromSystemd =
        credentials != null
            && file.toRealPath().startsWith(credentials.toRealPath(LinkOption.NOFOLLOW_LINKS))
            && now.owner().getName().equals("root");
    if (!open.isEmpty() && !fromSystemd) {
      throw new TokenFileException(
          file + " can be read or written by others than its owner: chmod 600 " + file);
    }
  }

  /** The tokens in that text. */
  static List<Token> parse(String text) throws TokenFileException {
    List<Token> tokens = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<Digest> hashes = new HashSet<>();
    int number = 0;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Token token = token(line, "line " + number + ": ");
      if (!names.add(token.name())) {
        throw new TokenFileException(
            "line " + number + ": the name " + token.name() + " is there twice");
      }
      if (!hashes.add(token.hash())) {
        throw new TokenFileException(
            "line " + number + ": " + token.name() + " has the same token as another");
      }
      tokens.add(token);
    }
    return List.copyOf(tokens);
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  private static Token token(String line, String where) throws TokenFileException {
    String[] words = line.strip().split("[ \t]+", -1);
    if (words.length != 3) {
      throw new TokenFileException(where + "expects three words: name role token");
    }
    if (!isName(words[0])) {
      throw new TokenFileException(
          where + "a name begins with a-z or 0-9, and has at most 63 of a-z 0-9 . _ -");
    }
    Role role = Role.of(words[1]).orElse(null);
    if (role == null) {
      throw new TokenFileException(
          where + "the role of " + words[0] + " must be read, operate or admin");
    }
    return new Token(words[0], role, hash(words[0], words[2], where));
  }

  private static Digest hash(String name, String secret, String where) throws TokenFileException {
    if (secret.startsWith("sha256:")) {
      try {
        return Digest.parse(secret);
      } catch (IllegalArgumentException e) {
        throw new TokenFileException(
            where + "what stands for the token of " + name + " is no sha256: and 64 hex digits");
      }
    }
    if (secret.length() < SHORTEST || !TOKEN.matcher(secret).matches()) {
      throw new TokenFileException(
          where
              + "the token of "
              + name
              + " must have at least "
              + SHORTEST
              + " characters, printable ASCII; moonboot token makes one");
    }
    return Digest.of(secret.getBytes(UTF_8));
  }
}
