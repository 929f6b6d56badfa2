package dev.moonboot.assets.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name service of our own, and a world whose every address is one port on this machine. */
final class TestNetwork implements Network {
  private final int port;
  private final Map<String, Deque<List<InetAddress>>> names = new ConcurrentHashMap<>();
  private final List<String> connected = new CopyOnWriteArrayList<>();

  TestNetwork(int port) {
    this.port = port;
  }

  /** The next answer for a name; the last one given stays. */
  TestNetwork name(String host, String... addresses) {
    names
        .computeIfAbsent(host, name -> new ArrayDeque<>())
        .add(Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
    return this;
  }

  /** Addresses and ports connected to so far, in order. */
  List<String> connected() {
    return List.copyOf(connected);
  }

  @Override
  public synchronized List<InetAddress> resolve(String host) throws UnknownHostException {
    Deque<List<InetAddress>> answers = names.get(host);
    if (answers == null) {
      throw new UnknownHostException(host);
    }
    return answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
  }

  @Override
  public Socket connect(InetSocketAddress address, Duration timeout) throws IOException {
    connected.add(address.getAddress().getHostAddress() + ":" + address.getPort());
    return Network.SYSTEM.connect(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), timeout);
  }
}
