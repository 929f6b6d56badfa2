package dev.moonboot.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets only so many calls have their messages in memory at once, whole as they are; the others wait
 * on their connections. A call that is not over in time takes its connection with it, because that
 * is how a client is served that sends or reads nothing.
 */
final class Admission implements ServerInterceptor {
  /** Messages of 4 MiB each, beside all that serves nodes. */
  private static final int PLACES = 4;

  private static final Duration WAIT = Duration.ofSeconds(20);

  private final Semaphore places = new Semaphore(PLACES, true);
  private final Connections connections;
  private final ScheduledExecutorService timer;
  private final Duration patience;

  /**
   * @param patience how long a call may take, waiting included
   */
  Admission(Connections connections, ScheduledExecutorService timer, Duration patience) {
    this.connections = connections;
    this.timer = timer;
    this.patience = patience;
  }

  /** A list is as large as four other messages. */
  private static int places(String method) {
    return method.endsWith("List") ? PLACES : 1;
  }

  @Override
  public <A, B> Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    if (peer == null || !connections.begin(peer)) {
      return refuse(call, "this connection has %d calls already".formatted(RpcListener.MAX_CALLS));
    }
    int wanted = places(call.getMethodDescriptor().getFullMethodName());
    if (!acquire(wanted)) {
      connections.end(peer);
      return refuse(
          call,
          "other calls have been taking all there is for %d s: try again"
              .formatted(WAIT.toSeconds()));
    }
    Stay stay = new Stay(wanted, peer);
    try {
      return stay.following(next.startCall(stay.watching(call), headers));
    } catch (RuntimeException e) {
      stay.end();
      throw e;
    }
  }

  private static <A, B> Listener<A> refuse(ServerCall<A, B> call, String why) {
    call.close(Status.RESOURCE_EXHAUSTED.withDescription(why), new Metadata());
    return new Listener<>() {};
  }

  private boolean acquire(int wanted) {
    try {
      return places.tryAcquire(wanted, WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** One call's, until its answer has been read or nobody wants it any more. */
  private final class Stay {
    private final int taken;
    private final SocketAddress peer;
    private final AtomicBoolean over = new AtomicBoolean();
    private final ScheduledFuture<?> end;

    Stay(int taken, SocketAddress peer) {
      this.taken = taken;
      this.peer = peer;
      this.end =
          timer.schedule(() -> connections.cut(peer), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    void end() {
      if (over.compareAndSet(false, true)) {
        end.cancel(false);
        places.release(taken);
        connections.end(peer);
      }
    }

    /** A call that ends with an error before its request is whole is told so to nobody else. */
    <A, B> ServerCall<A, B> watching(ServerCall<A, B> call) {
      return new SimpleForwardingServerCall<>(call) {
        @Override
        public void close(Status status, Metadata trailers) {
          super.close(status, trailers);
          if (!status.isOk()) {
            end();
          }
        }
      };
    }

    <A> Listener<A> following(Listener<A> listener) {
      return new SimpleForwardingServerCallListener<>(listener) {
        @Override
        public void onComplete() {
          end();
          super.onComplete();
        }

        @Override
        public void onCancel() {
          end();
          super.onCancel();
        }
      };
    }
  }
}
