package dev.moonboot.installer;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.BrokenFileException;
import dev.moonboot.files.SealedFile;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Signatures by the hash of what is signed, in a file: made once, since ECDSA makes another one
 * each time and what we serve below a digest must stay what it is.
 */
final class KeptSignatures {
  private static final System.Logger LOG = System.getLogger(KeptSignatures.class.getName());
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final Digest key;

  /**
   * @param key fingerprint of the key that makes them: those of another one are not taken
   */
  KeptSignatures(Path file, Digest key) {
    this.file = file;
    this.key = key;
  }

  /** What was written last; nothing where that cannot be read, for all can be made again. */
  Map<Digest, byte[]> read() {
    try {
      if (!Files.exists(file)) {
        return Map.of();
      }
      Json.Obj content = SealedFile.read(file);
      return content.text("key").filter(key.toString()::equals).isPresent()
          ? signatures(content)
          : Map.of();
    } catch (BrokenFileException | IllegalArgumentException e) {
      LOG.log(Level.WARNING, "signatures file={0} remade why=\"{1}\"", file, e.getMessage());
      return Map.of();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "signatures file={0} unreadable why=\"{1}\"", file, e.getMessage());
      return Map.of();
    }
  }

  private static Map<Digest, byte[]> signatures(Json.Obj content) {
    Map<Digest, byte[]> all = new HashMap<>();
    content
        .object("signatures")
        .ifPresent(signatures ->
            signatures
                .members()
                .forEach((hex, value) -> {
                  if (value instanceof Json.Str(var text)) {
                    all.put(new Digest(hex), Base64.getDecoder().decode(text));
                  }
                }));
    return all;
  }

  /** Keeps these and no others. */
  void write(Map<Digest, byte[]> signatures) {
    Map<String, Json> texts = new TreeMap<>();
    signatures.forEach((hash, signature) ->
        texts.put(hash.hex(), new Json.Str(Base64.getEncoder().encodeToString(signature))));
    Map<String, Json> members = new TreeMap<>();
    members.put("key", new Json.Str(key.toString()));
    members.put("signatures", new Json.Obj(texts));
    try {
      SealedFile.write(file, new Json.Obj(members), MODE);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "signatures file={0} not_kept why=\"{1}\": after a restart they will be others",
          file,
          e.getMessage());
    }
  }
}
