package dev.moonboot.assets.verify;

import dev.moonboot.assets.Admission;

/** What a policy says of an image that is not here yet. */
public sealed interface Verdict {
  /** It may be pulled and served. */
  record Admitted(Admission admission) implements Verdict {}

  /** It may not; {@code why} is for people and names the rule. */
  record Refused(String why) implements Verdict {}

  /** It is signed as wanted, but longer ago than the policy allows. */
  record TooOld(String why) implements Verdict {}
}
