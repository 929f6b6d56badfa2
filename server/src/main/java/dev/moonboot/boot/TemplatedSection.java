package dev.moonboot.boot;

import dev.moonboot.profile.BootTemplates;
import dev.moonboot.profile.FieldProblem;
import dev.moonboot.profile.Profile.NetBoot;
import dev.moonboot.template.Bounds;
import dev.moonboot.template.Template;
import dev.moonboot.template.TemplateException;
import dev.moonboot.template.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Renders the templates of one profile for one node. */
record TemplatedSection(String profile, Value data) {
  /** Longer than any command line or URL that firmware and kernels take. */
  private static final Bounds BOUNDS = new Bounds(16 << 10, Duration.ofMillis(100));

  private sealed interface Rendered {
    record Line(String text) implements Rendered {}

    record Unfit(BootSection.None why) implements Rendered {}
  }

  BootSection fill(BootTemplates templates) {
    List<String> lines = new ArrayList<>();
    List<Template> all = new ArrayList<>(templates.initrd());
    all.addFirst(templates.kernel());
    int firstArg = all.size();
    all.addAll(templates.args());
    for (int i = 0; i < all.size(); i++) {
      switch (i < firstArg
          ? render(place(i), all.get(i), Landing.line())
          : render("/boot/args/" + (i - firstArg), all.get(i), Landing.argument())) {
        case Rendered.Line(var text) -> lines.add(text);
        case Rendered.Unfit(var why) -> {
          return why;
        }
      }
    }
    List<String> args = new ArrayList<>(lines.subList(firstArg, lines.size()));
    args.removeIf(String::isEmpty); // left out by an {{if}}
    return checked(new NetBoot(lines.getFirst(), lines.subList(1, firstArg), args));
  }

  private static String place(int line) {
    return line == 0 ? "/boot/kernel" : "/boot/initrd/" + (line - 1);
  }

  private Rendered render(String place, Template template, Landing landing) {
    try {
      return new Rendered.Line(template.render(data, BOUNDS, landing));
    } catch (TemplateException e) {
      String fault = landing.fault();
      String why = fault == null ? "cannot be rendered for this node" : fault;
      return new Rendered.Unfit(
          new BootSection.None(
              "profile %s, %s: %s".formatted(profile, place, why), String.valueOf(e.getMessage())));
    }
  }

  /** The templates themselves may have put together what they should not. */
  private BootSection checked(NetBoot boot) {
    return boot.problems().stream()
        .findFirst()
        .<BootSection>map(this::unfit)
        .orElseGet(() -> new BootSection.Known(boot));
  }

  private BootSection.None unfit(FieldProblem problem) {
    return new BootSection.None(
        "profile %s, rendered for this node: %s is not one URL or argument, or one too many of its kind"
            .formatted(profile, problem.pointer()),
        problem.pointer() + " " + problem.why());
  }
}
