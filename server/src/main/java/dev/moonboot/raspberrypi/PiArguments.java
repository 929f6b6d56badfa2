package dev.moonboot.raspberrypi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Kernel arguments for {@code cmdline.txt}, which nobody expands: variables that iPXE would have
 * filled in, or Talos itself, get the node's values here.
 *
 * <p>A Raspberry Pi has no SMBIOS. Talos would wait for {@code ${uuid}} and {@code ${serial}} in
 * {@code talos.config=} for ever, so what is not known here is refused, but for {@code ${hostname}}
 * and {@code ${code}} there, which Talos gets elsewhere.
 */
final class PiArguments {
  /** What became of the arguments. */
  sealed interface Result {
    /**
     * They can be written down.
     *
     * @param filled names of the variables that got values
     * @param left names of those that are left to Talos
     */
    record Line(String text, Set<String> filled, Set<String> left) implements Result {}

    /** One of them holds a variable that nobody could fill in. */
    record Unknown(String argument, String variable) implements Result {}
  }

  /** {@code ${name}}, {@code ${net0/name:type}}, or the first of it percent-encoded. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "(?<open>\\$\\{|%24%7[Bb])(?:[A-Za-z0-9.]+/)?(?<name>[A-Za-z0-9_.-]+)(?::(?<type>\\w+))?"
              + "(?:}|%7[Dd])");

  private static final String TALOS_CONFIG = "talos.config=";
  private static final Set<String> TALOS_FILLS = Set.of("hostname", "code");

  private final Map<String, String> values;
  private final Set<String> filled = new TreeSet<>();
  private final Set<String> left = new TreeSet<>();

  private PiArguments(PiNode node) {
    this.values =
        Map.of(
            "mac", node.mac(),
            "serial", node.serial(),
            "uuid", node.uuid(),
            "product", node.product(),
            "buildarch", Arch.ARM64.id());
  }

  /** One line, without what only iPXE and UEFI read ({@code initrd=}). */
  static Result line(List<String> args, PiNode node) {
    return new PiArguments(node).write(args);
  }

  private Result write(List<String> args) {
    List<String> written = new ArrayList<>();
    for (String arg : args) {
      if (!arg.startsWith("initrd=")) {
        StringBuilder text = new StringBuilder();
        Optional<String> unknown = fill(arg, text);
        if (unknown.isPresent()) {
          return new Result.Unknown(arg, unknown.get());
        }
        written.add(text.toString().replaceAll("\\p{Cntrl}", " "));
      }
    }
    return new Result.Line(String.join(" ", written) + "\n", filled, left);
  }

  /** Appends the argument with values in it; the first name that has none ends it. */
  private Optional<String> fill(String arg, StringBuilder into) {
    Matcher variable = VARIABLE.matcher(arg);
    int from = 0;
    while (variable.find()) {
      into.append(arg, from, variable.start());
      from = variable.end();
      String name = variable.group("name").toLowerCase(Locale.ROOT);
      String value = values.getOrDefault(name, "");
      if (!value.isEmpty()) {
        filled.add(name);
        String shown = typed(value, variable.group("type"));
        into.append(variable.group("open").startsWith("%") ? encoded(shown) : shown);
      } else if (arg.startsWith(TALOS_CONFIG) && TALOS_FILLS.contains(name)) {
        left.add(name);
        into.append(variable.group());
      } else {
        return Optional.of(name);
      }
    }
    into.append(arg, from, arg.length());
    return Optional.empty();
  }

  /** As iPXE's types of settings write it. */
  private static String typed(String value, @Nullable String type) {
    return switch (type == null ? "" : type) {
      case "hexhyp" -> value.replace(':', '-');
      case "hexraw" -> value.replace(":", "");
      case "uristring" -> encoded(value);
      default -> value;
    };
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, UTF_8).replace("+", "%20");
  }
}
