package dev.moonboot.ignition;

import org.jspecify.annotations.Nullable;

/** Where something stands in a config: {@code storage.files[2].path}. */
record Place(@Nullable Place above, String step) {
  static final Place ROOT = new Place(null, "");

  Place member(String name) {
    return new Place(this, above == null ? name : "." + name);
  }

  Place item(int index) {
    return new Place(this, "[" + index + "]");
  }

  @Override
  public String toString() {
    return above == null ? "the config" : path();
  }

  private String path() {
    return above == null ? "" : above.path() + step;
  }
}
