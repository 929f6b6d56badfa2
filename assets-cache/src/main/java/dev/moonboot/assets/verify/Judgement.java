package dev.moonboot.assets.verify;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A verdict, and how it came about.
 *
 * @param digest of what is judged
 * @param rule that matched the image; null when none did
 * @param mode what the policy asks for
 * @param subjects the digests that had to be covered; empty when nothing was looked at
 * @param findings what came of each candidate, in the order in which they were looked at
 * @param cut whether there were more candidates than are looked at
 */
public record Judgement(
    Digest digest,
    @Nullable TrustRule rule,
    Mode mode,
    List<Digest> subjects,
    List<Finding> findings,
    boolean cut,
    Verdict verdict) {
  public Judgement {
    subjects = List.copyOf(subjects);
    findings = List.copyOf(findings);
  }
}
