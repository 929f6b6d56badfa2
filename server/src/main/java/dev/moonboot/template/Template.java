package dev.moonboot.template;

/** A parsed template (Go's text/template with the option {@code missingkey=error}). Immutable. */
public final class Template {
  private final String text;

  private Template(String text) {
    this.text = text;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException when it is none
   */
  public static Template parse(String text) throws TemplateException {
    if (text.contains("{{")) {
      throw new TemplateException("actions are being built");
    }
    return new Template(text);
  }

  /**
   * The text that the template makes of {@code data}.
   *
   * @throws TemplateException when it fails on the data, or takes more than it may
   */
  public String render(Value data, Bounds bounds) throws TemplateException {
    if (text.length() > bounds.output()) {
      throw new TemplateException("writes more than " + bounds.output() + " bytes");
    }
    return text;
  }

  /** A value as <code>{{.}}</code> prints it. */
  public static String print(Value value) {
    return value.toString(); // being built
  }
}
