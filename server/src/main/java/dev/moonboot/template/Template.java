package dev.moonboot.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed template: Go's text/template of Go 1.22 with the option {@code missingkey=error} and no
 * functions but its own. Immutable.
 */
public final class Template {
  private final String text;
  private final Map<String, List<Node>> definitions;

  private Template(String text, Map<String, List<Node>> definitions) {
    this.text = text;
    this.definitions = definitions;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException when it is none
   */
  public static Template parse(String text) throws TemplateException {
    return new Template(text, Parser.parse(text));
  }

  /**
   * The text that the template makes of {@code data}. Bytes that are no UTF-8, of which constants
   * and slices may consist, become U+FFFD.
   *
   * @throws TemplateException when it fails on the data, or takes more than it may
   */
  public String render(Value data, Bounds bounds) throws TemplateException {
    return new Rendering(this, data, bounds, null).text();
  }

  /**
   * The same, where {@code outlet} has a say in what actions print.
   *
   * @throws TemplateException also when the outlet throws it
   */
  public String render(Value data, Bounds bounds, Outlet outlet) throws TemplateException {
    return new Rendering(this, data, bounds, outlet).text();
  }

  /** The nodes of every template in the text by its name; the text itself has the empty name. */
  Map<String, List<Node>> definitions() {
    return definitions;
  }

  /** The template as it was parsed. */
  public String text() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Template that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  /** A value as <code>{{.}}</code> prints it, however long. */
  public static String print(Value value) {
    Writing out = new Writing(Integer.MAX_VALUE);
    try {
      Printer.action(value, out);
    } catch (TemplateException e) { // which only bounds are a reason for
      throw new IllegalArgumentException(e);
    }
    return out.toString();
  }
}
