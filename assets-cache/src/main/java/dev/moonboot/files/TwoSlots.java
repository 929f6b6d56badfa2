package dev.moonboot.files;

import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A small state in two {@link SealedFile}s, {@code <name>.0} and {@code <name>.1}, that are written
 * in turn: should one be damaged, the other holds the state before it. Used by one writer.
 *
 * @param directory where the slots lie; it exists
 * @param mode of both files
 */
public record TwoSlots(Path directory, String name, Set<PosixFilePermission> mode) {
  private static final String SERIAL = "serial";

  public TwoSlots {
    mode = Set.copyOf(mode);
  }

  /**
   * What was found.
   *
   * @param serial of the newest state that can be read; 0 when there is none
   * @param state that state
   * @param broken a slot that is there and cannot be used: what was found may be older than what
   *     was written last
   */
  public record Found(long serial, Optional<Json.Obj> state, List<IOException> broken) {
    public Found {
      broken = List.copyOf(broken);
    }
  }

  /** Whether a state makes sense to whoever wrote it. */
  @FunctionalInterface
  public interface Check {
    /**
     * Looks at one.
     *
     * @throws IOException when it makes none; the message says which file and why
     */
    void of(Json.Obj state) throws IOException;
  }

  /** The newest state that can be read. */
  public Found read() {
    return read(_ -> {});
  }

  /** The newest state that can be read and passes {@code check}. */
  public Found read(Check check) {
    Found newest = new Found(0, Optional.empty(), List.of());
    List<IOException> broken = new ArrayList<>();
    for (int slot = 0; slot < 2; slot++) {
      Path file = slot(slot);
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        try {
          Json.Obj state = SealedFile.read(file);
          long serial = state.integer(SERIAL).orElse(0L);
          if (serial < 1) {
            throw new BrokenFileException(file, "it has no serial number");
          }
          check.of(state);
          newest =
              serial > newest.serial() ? new Found(serial, Optional.of(state), List.of()) : newest;
        } catch (IOException e) {
          broken.add(e);
        }
      }
    }
    return new Found(newest.serial(), newest.state(), broken);
  }

  /**
   * Writes the next state over the older slot; once this returns it lasts.
   *
   * @param serial one more than that of the state before
   * @throws IOException when it is not known whether it lasts: the state before is still there
   */
  public void write(long serial, Json.Obj state) throws IOException {
    if (serial < 1) {
      throw new IllegalArgumentException("serial " + serial);
    }
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(SERIAL, Json.Num.of(serial));
    members.putAll(state.members());
    SealedFile.write(slot(serial), new Json.Obj(members), mode);
  }

  private Path slot(long serial) {
    return directory.resolve(name + "." + serial % 2);
  }
}
