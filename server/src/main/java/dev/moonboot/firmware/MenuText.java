package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.node.NodeLabels;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A menu of one entry that boots at once, for U-Boot (arm64) and PXELINUX (amd64).
 *
 * <p>iPXE fills in {@code ${mac}} and the like in a script; here nobody does, so it is done as far
 * as the node is known. What is left is for Talos. U-Boot takes one level of backslashes away and
 * fills in variables of its own ({@code cli_simple_process_macros}), so that is escaped; PXELINUX
 * takes arguments as they are.
 */
final class MenuText {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{(?:net\\d+/)?([a-z]+)(?::(\\w+))?}");
  private static final Pattern MEANT = Pattern.compile("[\\\\']|\\$(?=[({])");
  private static final Pattern BREAK = Pattern.compile("[\\p{Cntrl}\u0085\u2028\u2029]+");

  private final Arch arch;
  private final Map<String, String> known;

  /**
   * @param labels what is known of the node
   */
  MenuText(Arch arch, NodeLabels labels) {
    this.arch = arch;
    this.known = labels.all();
  }

  /**
   * The menu.
   *
   * @param kernel path to load it by
   * @param initrds the same, in order
   */
  String of(BootPlan plan, String kernel, List<String> initrds) {
    StringBuilder menu = new StringBuilder();
    menu.append("# profile ").append(oneLine(plan.profile())).append('\n');
    menu.append("default moonboot\nprompt 0\nlabel moonboot\n");
    menu.append("  kernel ").append(kernel).append('\n');
    if (!initrds.isEmpty()) {
      menu.append("  initrd ").append(String.join(",", initrds)).append('\n');
    }
    List<String> args =
        plan.args().stream()
            .filter(arg -> !arg.startsWith("initrd=")) // iPXE's; PXELINUX would load it
            .map(this::argument)
            .toList();
    if (!args.isEmpty()) {
      menu.append("  append ").append(String.join(" ", args)).append('\n');
    }
    return menu.toString();
  }

  private static String oneLine(String text) {
    return BREAK.matcher(text).replaceAll(" ");
  }

  private String argument(String arg) {
    String filled =
        VARIABLE
            .matcher(oneLine(arg))
            .replaceAll(variable ->
                Matcher.quoteReplacement(
                    value(variable.group(1), variable.group(2)).orElse(variable.group())));
    return arch == Arch.ARM64 ? MEANT.matcher(filled).replaceAll("\\\\$0") : filled;
  }

  private Optional<String> value(String name, @Nullable String form) {
    String label = name.equals("buildarch") ? "arch" : name;
    return Optional.ofNullable(known.get(label))
        .flatMap(value ->
            switch (form == null ? "" : form.toLowerCase(Locale.ROOT)) {
              case "" -> Optional.of(value);
              case "uristring" -> Optional.of(uriString(value));
              case "hexhyp" -> Optional.of(value.replace(':', '-'));
              case "hexraw" -> Optional.of(value.replace(":", ""));
              default -> Optional.empty();
            });
  }

  private static String uriString(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
