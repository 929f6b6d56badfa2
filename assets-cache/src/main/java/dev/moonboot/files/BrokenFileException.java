package dev.moonboot.files;

import java.io.IOException;
import java.nio.file.Path;

/** A file of ours does not hold what we once wrote; the message says which and why. */
public final class BrokenFileException extends IOException {
  private static final long serialVersionUID = 1;

  public BrokenFileException(Path file, String why) {
    super(file + " cannot be used: " + why);
  }
}
