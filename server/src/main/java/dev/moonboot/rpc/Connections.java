package dev.moonboot.rpc;

import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections that are open: so many at most, and so many of one address. Whoever comes beyond
 * that is closed at once, before any TLS.
 */
final class Connections {
  /** What a connection can make us keep is bounded, so their number has to be, too. */
  static final int MOST = 64;

  static final int MOST_OF_ONE = 32;

  private final int most;
  private final int mostOfOne;
  private final Map<SocketAddress, Channel> open = new ConcurrentHashMap<>();
  private final Map<SocketAddress, Integer> calls = new ConcurrentHashMap<>();
  private final Map<InetAddress, Integer> byAddress = new HashMap<>();

  Connections() {
    this(MOST, MOST_OF_ONE);
  }

  /**
   * @param most in all
   * @param mostOfOne of one address
   */
  Connections(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** A socket that accepts no more than may be open. */
  NioServerSocketChannel serverSocket() {
    return new BoundedServerSocket(this);
  }

  int openNow() {
    return open.size();
  }

  /**
   * Counts a call; false when the connection has all that it may have. What HTTP/2 tells a client
   * of that number holds only once the client has acknowledged it, and need not be acknowledged.
   */
  boolean begin(SocketAddress peer) {
    if (calls.merge(peer, 1, Integer::sum) <= RpcListener.MAX_CALLS) {
      return true;
    }
    end(peer);
    return false;
  }

  /** A call that was counted is over. */
  void end(SocketAddress peer) {
    calls.computeIfPresent(peer, (_, count) -> count == 1 ? null : count - 1);
  }

  /** Ends the connection with {@code peer}, whatever is going on in it. */
  void cut(SocketAddress peer) {
    Channel channel = open.get(peer);
    if (channel != null) {
      var _ = channel.close();
    }
  }

  private synchronized boolean admit(SocketChannel channel) {
    if (channel.remoteAddress() == null || open.size() >= most) {
      return false;
    }
    InetAddress address = channel.remoteAddress().getAddress();
    if (byAddress.getOrDefault(address, 0) >= mostOfOne) {
      return false;
    }
    SocketAddress peer = channel.remoteAddress();
    byAddress.merge(address, 1, Integer::sum);
    open.put(peer, channel);
    var _ = channel.closeFuture().addListener(_ -> ended(peer, address));
    return true;
  }

  private synchronized void ended(SocketAddress peer, InetAddress address) {
    open.remove(peer);
    byAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
  }

  private static final class BoundedServerSocket extends NioServerSocketChannel {
    private final Connections connections;

    BoundedServerSocket(Connections connections) {
      this.connections = connections;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      int count = super.doReadMessages(accepted);
      if (count > 0
          && accepted.getLast() instanceof SocketChannel channel
          && !connections.admit(channel)) {
        accepted.removeLast();
        channel.unsafe().closeForcibly();
      }
      return count;
    }
  }
}
