package dev.moonboot.server;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.verify.TrustPolicy;
import dev.moonboot.assets.verify.TrustRule;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says at start whose signatures are asked for: keys by fingerprint, not only by file. */
final class TrustLog {
  private static final System.Logger LOG = System.getLogger(TrustLog.class.getName());

  private TrustLog() {}

  /** What the policy says of images that the rule is for, in a line. */
  static String line(TrustRule rule) {
    return rule.deny()
        ? rule.match() + ": deny"
        : "%s: %s a signature by %s"
            .formatted(rule.match(), rule.mode().name().toLowerCase(Locale.ROOT), signers(rule));
  }

  private static String signers(TrustRule rule) {
    return rule.anyOf().stream().map(Object::toString).collect(Collectors.joining(" or "));
  }

  static void tell(TrustPolicy policy) {
    LOG.log(
        policy.otherwise() == Mode.OFF ? Level.WARNING : Level.INFO,
        "trust default={0} rules={1} revoked={2}",
        policy.otherwise(),
        policy.rules().size(),
        policy.revoked().size());
    for (TrustRule rule : policy.rules()) {
      LOG.log(
          rule.mode() == Mode.OFF ? Level.WARNING : Level.INFO,
          "trust rule=\"{0}\" mode={1} signers=\"{2}\"",
          rule.match(),
          rule.deny() ? "deny" : rule.mode(),
          signers(rule));
    }
  }
}
