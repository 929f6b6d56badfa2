package dev.moonboot.rpc;

import dev.moonboot.journal.Actor;
import dev.moonboot.profile.WriteOrder;
import io.grpc.Context;
import java.util.Map;

/**
 * Who makes a call.
 *
 * @param actor as the audit log names him: by his certificate's fingerprint
 * @param subject whom the certificate names
 * @param method what he calls: {@code Groups/GroupPut}
 */
record Caller(Actor actor, String subject, String method) {
  /** Of the call that is being made. */
  static final Context.Key<Caller> CURRENT = Context.key("caller");

  /** What an audit record says of the call. */
  Map<String, String> details() {
    return Map.of("subject", subject, "method", method);
  }

  WriteOrder order() {
    return new WriteOrder(actor, details(), _ -> true);
  }
}
