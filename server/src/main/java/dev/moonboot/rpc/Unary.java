package dev.moonboot.rpc;

import dev.moonboot.journal.AuditException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.UUID;

/** A call with one answer. */
@FunctionalInterface
interface Unary<T> {
  System.Logger LOG = System.getLogger(Unary.class.getName());

  T answer() throws IOException;

  /** Answers, or tells why not. */
  static <T> void to(StreamObserver<T> caller, Unary<T> call) {
    T answer;
    try {
      answer = call.answer();
    } catch (StatusRuntimeException e) {
      caller.onError(e);
      return;
    } catch (AuditException e) {
      caller.onError(Problems.notAudited(e));
      return;
    } catch (IOException | RuntimeException e) { // the edge of a call
      String id = UUID.randomUUID().toString().substring(0, 8);
      LOG.log(Level.ERROR, "rpc_fault id=" + id, e);
      caller.onError(
          Status.INTERNAL
              .withDescription("a fault of moonboot; its log has it under id " + id)
              .asRuntimeException());
      return;
    }
    caller.onNext(answer);
    caller.onCompleted();
  }
}
