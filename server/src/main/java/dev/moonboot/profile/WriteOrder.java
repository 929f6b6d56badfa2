package dev.moonboot.profile;

import dev.moonboot.assets.Digest;
import dev.moonboot.journal.Actor;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who wants a group or profile changed, and what must hold first.
 *
 * @param details for the audit log, such as {@code request}
 * @param expected whether the version that is there (empty: there is none) is one that may be
 *     changed
 */
public record WriteOrder(
    Actor actor, Map<String, String> details, Predicate<Optional<Digest>> expected) {
  public WriteOrder {
    details = Map.copyOf(details);
  }

  /** One that holds whatever is there. */
  public static WriteOrder of(Actor actor) {
    return new WriteOrder(actor, Map.of(), _ -> true);
  }
}
