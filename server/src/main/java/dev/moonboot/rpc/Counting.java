package dev.moonboot.rpc;

import dev.moonboot.metrics.Meters;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** Counts calls by method and code, and logs those that change something or fail. */
final class Counting implements ServerInterceptor {
  private static final System.Logger LOG = System.getLogger(Counting.class.getName());

  private final Meters meters;

  Counting(Meters meters) {
    this.meters = meters;
  }

  @Override
  public <A, B> Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    String method = Methods.name(call);
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            meters.rpc(method, status.getCode().name());
            log(method, status);
            super.close(status, trailers);
          }
        },
        headers);
  }

  private static void log(String method, Status status) {
    Level level = Methods.isChange(method) || !status.isOk() ? Level.INFO : Level.DEBUG;
    if (LOG.isLoggable(level)) {
      Caller caller = Caller.CURRENT.get();
      LOG.log(
          level,
          "rpc method={0} code={1} client={2} certificate={3} why=\"{4}\"",
          method,
          status.getCode(),
          caller == null ? "?" : caller.actor().source(),
          caller == null ? "?" : caller.actor().id(),
          Optional.ofNullable(status.getDescription()).map(Printable::of).orElse(""));
    }
  }
}
