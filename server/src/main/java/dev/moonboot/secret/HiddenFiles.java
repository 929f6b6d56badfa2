package dev.moonboot.secret;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tells secrets among files that are found by other ways than their path below /assets/. */
public final class HiddenFiles {
  private final ConfigAccess access;
  private final @Nullable Path statics;

  /**
   * @param statics the folder of static files; null when there is none
   */
  public HiddenFiles(ConfigAccess access, @Nullable Path statics) {
    this.access = access;
    this.statics = statics;
  }

  /** Whether {@code file}, links followed, is a static file that is secret. */
  public boolean hides(Path file) {
    if (statics == null) {
      return false;
    }
    try {
      Path real = file.toRealPath();
      Path root = statics.toRealPath();
      return real.startsWith(root) && access.isSecret(root.relativize(real).toString());
    } catch (IOException e) {
      return false; // one of them is not there, so it is not that one
    }
  }
}
