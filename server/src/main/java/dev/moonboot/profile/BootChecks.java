package dev.moonboot.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a profile's boot section must not hold when it comes over a network: whatever iPXE, GRUB or
 * the kernel would read as more than the one argument it is meant to be. Files on disk are not held
 * to this: they are matchbox's, and its users know what they wrote.
 *
 * <p>iPXE splits a line at white space first and then takes {@code ||}, {@code &&} and {@code ;} as
 * operators and {@code #} at the start of a word as a comment (iPXE, core/exec.c); it knows no
 * quotes. The kernel splits at white space outside double quotes and hands all that follows {@code
 * --} to init (lib/cmdline.c, init/main.c).
 */
final class BootChecks {
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\u0085\u2028\u2029]");
  private static final Set<String> OPERATORS = Set.of("||", "&&", ";");

  /** {@code key="several words"}: one pair of quotes, around the whole value. */
  private static final Pattern QUOTED = Pattern.compile("[^\\s\"'=]+=\"([^\"]*)\"");

  /** Arguments that decide what is run or where from, and of which only one can count. */
  private static final Set<String> ONCE =
      Set.of(
          "init",
          "rdinit",
          "root",
          "lockdown",
          "module.sig_enforce",
          "talos.board",
          "talos.config",
          "talos.config.oauth.client_id",
          "talos.config.oauth.client_secret",
          "talos.halt_if_installed",
          "talos.hostname",
          "talos.platform",
          "talos.shutdown");

  private final List<FieldProblem> problems = new ArrayList<>();

  private BootChecks() {}

  static List<FieldProblem> of(Profile.NetBoot boot) {
    BootChecks checks = new BootChecks();
    checks.line("/boot/kernel", boot.kernel());
    for (int i = 0; i < boot.initrd().size(); i++) {
      checks.line("/boot/initrd/" + i, boot.initrd().get(i));
    }
    Map<String, Integer> once = new HashMap<>();
    for (int i = 0; i < boot.args().size(); i++) {
      checks.argument(i, boot.args().get(i), once);
    }
    return checks.problems;
  }

  /**
   * Of a profile's boot section what is known before a node asks: what templates make is looked at
   * when they have made it.
   */
  static List<FieldProblem> of(Profile profile) {
    if (profile.templates() == null) {
      return profile.boot().map(BootChecks::of).orElse(List.of());
    }
    BootChecks checks = new BootChecks();
    Map<String, Integer> once = new HashMap<>();
    BootTemplates templates = profile.templates();
    for (int i = 0; i < templates.args().size(); i++) {
      String arg = templates.args().get(i).text();
      if (!BootTemplates.isTemplate(arg)) {
        checks.argument(i, arg, once);
      }
    }
    return checks.problems;
  }

  private void add(String pointer, String why) {
    problems.add(new FieldProblem(pointer, why));
  }

  /** A URL with options before it. */
  private void line(String pointer, String text) {
    if (CONTROL.matcher(text).find()) {
      add(pointer, "has a line break or another control character");
    } else if (text.indexOf('"') >= 0) {
      add(pointer, "has a quote: percent-encode it in a URL (%22)");
    } else {
      operator(pointer, text);
    }
  }

  private boolean operator(String pointer, String text) {
    for (String word : text.split("\\s+", -1)) {
      if (OPERATORS.contains(word) || word.startsWith("#")) {
        add(pointer, "has the word \"" + word + "\", which iPXE reads as a command, not as text");
        return true;
      }
    }
    return false;
  }

  private void argument(int index, String arg, Map<String, Integer> once) {
    String pointer = "/boot/args/" + index;
    if (arg.isEmpty()) {
      add(pointer, "is empty: leave it out");
    } else if (CONTROL.matcher(arg).find()) {
      add(pointer, "has a line break or another control character");
    } else if (arg.equals("--")) {
      add(pointer, "is \"--\": the kernel gives all that follows to init, not to Talos");
    } else if (!operator(pointer, arg) && !isOneWord(arg)) {
      add(
          pointer,
          "has a space or a quote: write one argument each, or key=\"several words\" with one pair"
              + " of double quotes around the whole value");
    } else {
      String key = arg.substring(0, Math.max(0, arg.indexOf('=')));
      Integer before = ONCE.contains(key) ? once.putIfAbsent(key, index) : null;
      if (before != null) {
        add(pointer, key + " is there already, in /boot/args/" + before + ": only one can count");
      }
    }
  }

  private static boolean isOneWord(String arg) {
    return QUOTED.matcher(arg).matches()
        || arg.chars().noneMatch(c -> Character.isWhitespace(c) || c == '"' || c == '\'');
  }
}
