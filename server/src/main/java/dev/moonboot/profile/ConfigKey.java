package dev.moonboot.profile;

/**
 * What a config file is known by.
 *
 * @param name the path from the folder of its kind, clean where it can be one
 */
record ConfigKey(ConfigKind kind, String name) {
  static ConfigKey of(ConfigFile file) {
    return new ConfigKey(file.kind(), file.name());
  }

  /** What the profile names for that kind; as it stands there when it can be no file. */
  static ConfigKey of(ConfigKind kind, Profile profile) {
    String name = kind.of(profile);
    return new ConfigKey(kind, DataNames.config(kind, name).orElse(name));
  }
}
