package dev.moonboot.profile;

import java.nio.file.Path;

/** The kinds of files that profiles name for nodes to be configured by. */
public enum ConfigKind {
  GENERIC("generic"),
  CLOUD("cloud"),
  IGNITION("ignition");

  private final String folder;

  ConfigKind(String folder) {
    this.folder = folder;
  }

  /** The folder of the data directory they lie in. */
  public String folder() {
    return folder;
  }

  Path file(Path root, String name) {
    return root.resolve(folder).resolve(name);
  }

  /** The name that a profile has for its file of this kind; empty for none. */
  public String of(Profile profile) {
    return switch (this) {
      case GENERIC -> profile.genericId();
      case CLOUD -> profile.cloudId();
      case IGNITION -> profile.ignitionId();
    };
  }
}
