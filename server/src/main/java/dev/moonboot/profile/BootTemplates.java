package dev.moonboot.profile;

import dev.moonboot.template.Template;
import dev.moonboot.template.TemplateException;
import java.util.ArrayList;
import java.util.List;

/**
 * A profile's boot section as templates (Go's text/template), for {@code "moonboot": {"templates":
 * true}}.
 *
 * @param kernel of the kernel's line
 * @param initrd of each initrd's line, in order
 * @param args of the kernel arguments, in order
 */
public record BootTemplates(Template kernel, List<Template> initrd, List<Template> args) {
  public BootTemplates {
    initrd = List.copyOf(initrd);
    args = List.copyOf(args);
  }

  /** Whether a text has actions in it. */
  static boolean isTemplate(String text) {
    return text.contains("{{");
  }

  /**
   * @throws UnusableFileException when a text is no template
   */
  static BootTemplates of(Profile.NetBoot boot) {
    return new BootTemplates(
        parse("\"kernel\"", boot.kernel()),
        parse("initrd", boot.initrd()),
        parse("args", boot.args()));
  }

  private static List<Template> parse(String name, List<String> texts) {
    List<Template> templates = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      templates.add(parse("item %d of \"%s\"".formatted(i + 1, name), texts.get(i)));
    }
    return templates;
  }

  private static Template parse(String what, String text) {
    try {
      return Template.parse(text);
    } catch (TemplateException e) {
      throw new UnusableFileException("%s is no template: %s".formatted(what, e.getMessage()));
    }
  }
}
