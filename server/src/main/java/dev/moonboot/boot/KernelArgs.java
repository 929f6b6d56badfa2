package dev.moonboot.boot;

import java.util.ArrayList;
import java.util.List;

/** A kernel command line as single arguments. */
public final class KernelArgs {
  private KernelArgs() {}

  /**
   * Splits at white space outside double quotes, as the kernel does (next_arg in lib/cmdline.c);
   * quotes stay where they are.
   */
  public static List<String> split(String cmdline) {
    List<String> args = new ArrayList<>();
    StringBuilder arg = new StringBuilder();
    boolean quoted = false;
    for (char c : (cmdline + " ").toCharArray()) {
      quoted ^= c == '"';
      if (quoted || !Character.isWhitespace(c)) {
        arg.append(c);
      } else if (!arg.isEmpty()) {
        args.add(arg.toString());
        arg.setLength(0);
      }
    }
    if (!arg.isEmpty()) {
      args.add(arg.toString().stripTrailing()); // a quote that is never closed
    }
    return args;
  }
}
