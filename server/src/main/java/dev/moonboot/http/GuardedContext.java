package dev.moonboot.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** A connection as Helidon's HTTP/1.1 code sees it: its own, with a watched reader and writer. */
record GuardedContext(
    ConnectionContext whole,
    Pulse pulse,
    RequestHeads heads,
    DataReader dataReader,
    DataWriter dataWriter)
    implements ConnectionContext {

  static GuardedContext of(ConnectionContext whole, Pulse pulse, HttpLimits limits, Bodies bodies) {
    RequestHeads heads =
        new RequestHeads(whole.dataReader(), pulse, limits.requestsPerConnection(), bodies);
    return new GuardedContext(
        whole,
        pulse,
        heads,
        DataReader.create(heads),
        new WatchedWriter(whole.dataWriter(), pulse));
  }

  @Override
  public ListenerContext listenerContext() {
    return whole.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return whole.executor();
  }

  @Override
  public Router router() {
    return whole.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return whole.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return whole.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return whole.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return whole.localPeer();
  }

  @Override
  public boolean isSecure() {
    return whole.isSecure();
  }

  @Override
  public String socketId() {
    return whole.socketId();
  }

  @Override
  public String childSocketId() {
    return whole.childSocketId();
  }

  /** Tells the pulse when something is being written, which may block for ever otherwise. */
  private record WatchedWriter(DataWriter out, Pulse pulse) implements DataWriter {
    @Override
    public void write(BufferData... buffers) {
      watched(() -> out.write(buffers));
    }

    @Override
    public void write(BufferData buffer) {
      watched(() -> out.write(buffer));
    }

    @Override
    public void writeNow(BufferData... buffers) {
      watched(() -> out.writeNow(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
      watched(() -> out.writeNow(buffer));
    }

    @Override
    public void flush() {
      watched(out::flush);
    }

    private void watched(Runnable write) {
      pulse.writing();
      write.run();
      pulse.answering();
    }
  }
}
