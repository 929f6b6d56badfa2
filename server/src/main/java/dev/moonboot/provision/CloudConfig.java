package dev.moonboot.provision;

import dev.moonboot.config.YamlSyntax;
import java.util.Optional;

/** What may be sent as a cloud-config: a script, or YAML under the line that says so. */
final class CloudConfig {
  private CloudConfig() {}

  /** Why {@code text} is none; empty when it is one. */
  static Optional<String> fault(String text) {
    int end = text.indexOf('\n');
    String first = end < 0 ? text : text.substring(0, end);
    if (first.startsWith("#!")) {
      return Optional.empty();
    }
    return first.stripTrailing().equals("#cloud-config")
        ? YamlSyntax.fault(text)
        : Optional.of("the first line is neither #cloud-config nor a #! of a script");
  }
}
