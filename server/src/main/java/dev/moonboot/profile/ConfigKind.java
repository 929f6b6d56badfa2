package dev.moonboot.profile;

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

  /** The name that a profile has for its file of this kind; empty for none. */
  public String of(Profile profile) {
    return switch (this) {
      case GENERIC -> profile.genericId();
      case CLOUD -> profile.cloudId();
      case IGNITION -> profile.ignitionId();
    };
  }
}
