package dev.moonboot.ignition;

/**
 * One member of an object of the config.
 *
 * @param since the minor version of the spec that has it first; older configs have an unknown key
 * @param alwaysBefore shown with its zero value in configs older than this minor version, if the
 *     object is there; 0 for never
 * @param shown when it stands in what is written
 * @param unlike which list must name everything once: lists of one object that share this word
 *     share what they name; empty when an item may stand there twice
 */
record Field(String name, Type type, int since, int alwaysBefore, Shown shown, String unlike) {

  /** What a member holds. */
  sealed interface Type {
    record Text() implements Type {}

    record Flag() implements Type {}

    record Whole() implements Type {}

    /** Permissions; before 3.4 without those of setuid, setgid and sticky. */
    record Mode() implements Type {}

    record Of(Shape shape) implements Type {}

    record ListOf(Type item) implements Type {}
  }

  /** When a member is written. */
  enum Shown {
    ALWAYS,
    WHEN_GIVEN,
    WHEN_NOT_ZERO
  }

  static Field text(String name) {
    return given(name, new Type.Text());
  }

  static Field flag(String name) {
    return given(name, new Type.Flag());
  }

  static Field number(String name) {
    return given(name, new Type.Whole());
  }

  static Field mode() {
    return given("mode", new Type.Mode());
  }

  static Field object(String name, Shape shape) {
    return given(name, new Type.Of(shape)).shown(Shown.ALWAYS);
  }

  /** A list that names nothing twice. */
  static Field list(String name, Shape shape) {
    return listOf(name, new Type.Of(shape));
  }

  /** As {@link #list}, of texts. */
  static Field texts(String name) {
    return listOf(name, new Type.Text());
  }

  private static Field listOf(String name, Type item) {
    return new Field(name, new Type.ListOf(item), 0, 0, Shown.WHEN_NOT_ZERO, name);
  }

  private static Field given(String name, Type type) {
    return new Field(name, type, 0, 0, Shown.WHEN_GIVEN, "");
  }

  Field always() {
    return shown(Shown.ALWAYS);
  }

  Field unlessZero() {
    return shown(Shown.WHEN_NOT_ZERO);
  }

  Field repeatable() {
    return new Field(name, type, since, alwaysBefore, shown, "");
  }

  Field unlike(String word) {
    return new Field(name, type, since, alwaysBefore, shown, word);
  }

  /** It came with spec 3.{@code minor}. */
  Field since(int minor) {
    return new Field(name, type, minor, alwaysBefore, shown, unlike);
  }

  /** It need not be given since spec 3.{@code minor}. */
  Field alwaysBefore(int minor) {
    return new Field(name, type, since, minor, shown, unlike);
  }

  private Field shown(Shown when) {
    return new Field(name, type, since, alwaysBefore, when, unlike);
  }
}
