package dev.moonboot.installer;

import java.util.Optional;

/** Repositories of one kind; each is empty for a name of another kind. */
interface Repositories {
  /** Whether there can be any. */
  boolean isAny();

  /** What of the repository is there now. */
  Optional<ImageRepository> find(String name);

  /** Its tags. */
  Optional<RegistryAnswer> list(String name);

  /** What a tag of it names. */
  Optional<RegistryAnswer> tagged(String name, String tag);
}
