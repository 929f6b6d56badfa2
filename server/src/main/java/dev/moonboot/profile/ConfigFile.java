package dev.moonboot.profile;

import dev.moonboot.template.Template;
import dev.moonboot.template.TemplateException;
import org.jspecify.annotations.Nullable;

/**
 * A file that nodes are configured by, as last read. The same object as long as the file is the
 * same, so that what is made of it can be kept by it.
 *
 * @param name as profiles name it: the path below the folder of its kind
 * @param text its content
 * @param template its content as a template; null for raw Ignition, which is none
 */
public record ConfigFile(ConfigKind kind, String name, String text, @Nullable Template template) {
  /** How large one may be, in bytes. */
  public static final int MAX_SIZE = 4 << 20;

  /**
   * Whether the name says that an Ignition config is raw: ends in {@code .ign} or {@code
   * .ignition}.
   */
  public static boolean isRawIgnition(ConfigKind kind, String name) {
    return kind == ConfigKind.IGNITION && (name.endsWith(".ign") || name.endsWith(".ignition"));
  }

  /**
   * @throws UnusableFileException when the text is no template, and has to be one
   */
  static ConfigFile parse(ConfigKind kind, String name, String text) {
    try {
      Template template = isRawIgnition(kind, name) ? null : Template.parse(text);
      return new ConfigFile(kind, name, text, template);
    } catch (TemplateException e) {
      throw new UnusableFileException("not a template: " + e.getMessage());
    }
  }

  /** The same file with the same text: a template has no meaning of its own. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConfigFile file
        && kind == file.kind
        && name.equals(file.name)
        && text.equals(file.text);
  }

  @Override
  public int hashCode() {
    return name.hashCode() * 31 + text.hashCode();
  }
}
