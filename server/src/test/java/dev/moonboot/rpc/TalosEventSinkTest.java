package dev.moonboot.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.Timeline;
import dev.moonboot.journal.Told;
import dev.moonboot.rpc.pb.AddressEvent;
import dev.moonboot.rpc.pb.ConfigLoadErrorEvent;
import dev.moonboot.rpc.pb.ConfigValidationErrorEvent;
import dev.moonboot.rpc.pb.EventRequest;
import dev.moonboot.rpc.pb.EventSinkServiceGrpc;
import dev.moonboot.rpc.pb.EventSinkServiceGrpc.EventSinkServiceBlockingStub;
import dev.moonboot.rpc.pb.MachineStatusEvent;
import dev.moonboot.rpc.pb.MachineStatusEvent.MachineStage;
import dev.moonboot.rpc.pb.MachineStatusEvent.MachineStatus;
import dev.moonboot.rpc.pb.PhaseEvent;
import dev.moonboot.rpc.pb.SequenceError;
import dev.moonboot.rpc.pb.SequenceEvent;
import dev.moonboot.rpc.pb.ServiceStateEvent;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sink, and a stock gRPC client as Talos has one: without TLS. */
class TalosEventSinkTest {
  private final BootLog boots = new BootLog();
  private final TalosEventSink sink =
      new TalosEventSink(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), boots);
  private final MultiThreadIoEventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ExecutorService callbacks = Executors.newVirtualThreadPerTaskExecutor();
  private ManagedChannel channel;

  @BeforeEach
  void boot() {
    sink.start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", sink.address().getPort())
            .eventLoopGroup(threads)
            .channelType(NioSocketChannel.class)
            .executor(callbacks)
            .offloadExecutor(callbacks)
            .usePlaintext()
            .build();
    boots.told(
        new Told(
            new Boot.Node("52:54:00:a1:9c:ae", "", "", "amd64", "127.0.0.1"),
            new Boot.Answer("g", "p", "", "", ""),
            Told.Form.IPXE,
            List.of(),
            List.of("talos.events.sink=127.0.0.1:1")));
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    sink.close();
    callbacks.shutdownNow();
    threads.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void publish(String type, ByteString value) {
    EventSinkServiceBlockingStub stub =
        EventSinkServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    var _ =
        stub.publish(
            EventRequest.newBuilder()
                .setId("cb0")
                .setData(
                    Any.newBuilder().setTypeUrl("talos/runtime/" + type).setValue(value).build())
                .build());
  }

  private void publish(MessageLite event) {
    publish("machine." + event.getClass().getSimpleName(), event.toByteString());
  }

  private Timeline timeline() {
    return boots.find(1).orElseThrow().timeline();
  }

  private void assertVerdict(Timeline.Outcome outcome, String reason) {
    assertEquals(
        outcome + " " + reason,
        timeline().verdict().outcome() + " " + timeline().verdict().reason());
  }

  @Test
  void events_tell_how_talos_comes_up() {
    publish(
        SequenceEvent.newBuilder()
            .setSequence("boot")
            .setAction(SequenceEvent.Action.START)
            .build());
    publish(PhaseEvent.newBuilder().setPhase("startEverything").build());
    publish(AddressEvent.newBuilder().setHostname("node-1").addAddresses("10.0.0.7").build());
    publish(
        ServiceStateEvent.newBuilder()
            .setService("etcd")
            .setAction(ServiceStateEvent.Action.FAILED)
            .setMessage("no peers")
            .build());
    publish(
        MachineStatusEvent.newBuilder()
            .setStage(MachineStage.RUNNING)
            .setStatus(
                MachineStatus.newBuilder()
                    .addUnmetConditions(
                        MachineStatus.UnmetCondition.newBuilder()
                            .setName("nodeReady")
                            .setReason("not yet")))
            .build());
    publish(
        MachineStatusEvent.newBuilder()
            .setStage(MachineStage.RUNNING)
            .setStatus(MachineStatus.newBuilder().setReady(true))
            .build());
    assertEquals(
        List.of(
            "told p",
            "sequence boot sequence began",
            "phase phase startEverything",
            "address node-1 10.0.0.7",
            "service etcd: no peers",
            "stage running, not ready: nodeReady: not yet",
            "stage running and ready"),
        timeline().events().stream().map(e -> e.what() + " " + e.text()).toList());
    assertVerdict(Timeline.Outcome.FINISHED, "Talos is up");
  }

  @Test
  void a_config_that_talos_does_not_take_is_the_reason() {
    publish(ConfigLoadErrorEvent.newBuilder().setError("404").build());
    assertVerdict(Timeline.Outcome.FAILED, "Talos says: the machine config does not load: 404");
    publish(ConfigValidationErrorEvent.newBuilder().setError("no disk").build());
    assertVerdict(
        Timeline.Outcome.FAILED, "Talos says: the machine config does not validate: no disk");
    publish(
        SequenceEvent.newBuilder()
            .setSequence("install")
            .setError(SequenceError.newBuilder().setMessage("disk full"))
            .build());
    assertVerdict(Timeline.Outcome.FAILED, "Talos says: install sequence: disk full");
  }

  @Test
  void what_is_unknown_is_taken_and_what_is_broken_or_too_large_is_not() {
    publish("machine.TaskEvent", ByteString.EMPTY);
    publish("machine.ThingOfTheFuture", ByteString.copyFromUtf8("x"));
    assertEquals(1, timeline().events().size());
    assertEquals(Status.Code.INVALID_ARGUMENT, refused("machine.PhaseEvent", 100));
    assertEquals(
        Status.Code.RESOURCE_EXHAUSTED, refused("machine.PhaseEvent", TalosEventSink.MAX_MESSAGE));
    assertEquals(1, timeline().events().size());
  }

  private Status.Code refused(String type, int size) {
    ByteString value =
        ByteString.copyFrom(new byte[size]).concat(ByteString.copyFromUtf8("\n\u007f"));
    return assertThrows(StatusRuntimeException.class, () -> publish(type, value))
        .getStatus()
        .getCode();
  }
}
