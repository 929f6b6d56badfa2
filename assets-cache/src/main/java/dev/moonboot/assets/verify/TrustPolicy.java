package dev.moonboot.assets.verify;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.SourceImage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A signature policy as somebody wrote it. The first rule that matches an image counts.
 *
 * @param otherwise what happens to images that no rule matches
 * @param revoked fingerprints of keys that count nowhere any more, whatever the rules list
 */
public record TrustPolicy(
    Mode otherwise,
    List<TrustRule> rules,
    Set<Digest> revoked,
    AdmissionPolicy.RollbackRule rollback,
    Limits limits) {
  /**
   * How much is looked at for one image.
   *
   * @param signatures signatures tried, in the order in which the registry lists them
   * @param bytes of one signature's document
   */
  public record Limits(int signatures, int bytes) {
    public static final Limits DEFAULT = new Limits(32, 128 << 10);
  }

  /** Nobody wrote one: images are let in, and that is said. */
  public static final TrustPolicy NONE =
      new TrustPolicy(
          Mode.WARN, List.of(), Set.of(), AdmissionPolicy.RollbackRule.DEFAULT, Limits.DEFAULT);

  public TrustPolicy {
    rules = List.copyOf(rules);
    revoked = Set.copyOf(revoked);
  }

  /** The rule for images of that source. */
  public Optional<TrustRule> rule(SourceImage source) {
    return rules.stream().filter(rule -> rule.match().matches(source)).findFirst();
  }
}
