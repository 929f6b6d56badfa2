package dev.moonboot.assets.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** Name service and connections: the operating system's, or a test's. */
interface Network {
  /** The real one. */
  Network SYSTEM =
      new Network() {
        @Override
        public List<InetAddress> resolve(String host) throws UnknownHostException {
          return List.of(InetAddress.getAllByName(host));
        }

        @Override
        public Socket connect(InetSocketAddress address, Duration timeout) throws IOException {
          Socket socket = new Socket();
          try {
            socket.setTcpNoDelay(true);
            socket.connect(address, Math.toIntExact(timeout.toMillis()));
            return socket;
          } catch (IOException e) {
            socket.close();
            throw e;
          }
        }
      };

  /** All addresses of a name or literal, in the order in which they should be tried. */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** A connection to exactly that address. */
  Socket connect(InetSocketAddress address, Duration timeout) throws IOException;
}
