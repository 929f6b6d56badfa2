package dev.moonboot.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Asks our own boot listener, as a node would, whether it still answers.
 *
 * @param tls whether TLS is spoken there; whose certificate it shows does not matter
 */
record SelfProbe(InetSocketAddress listener, boolean tls, Duration patience) {
  boolean answers() {
    int millis = (int) patience.toMillis();
    try (var plain = new Socket()) {
      plain.connect(new InetSocketAddress(reachable(), listener.getPort()), millis);
      plain.setSoTimeout(millis);
      Socket socket = tls ? secured(plain) : plain;
      socket
          .getOutputStream()
          .write("GET /livez HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.x 200".length());
      return new String(status, StandardCharsets.US_ASCII).endsWith(" 200");
    } catch (IOException e) {
      return false;
    }
  }

  private InetAddress reachable() {
    InetAddress address = listener.getAddress();
    return address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
  }

  private static Socket secured(Socket plain) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      return context.getSocketFactory().createSocket(plain, "", plain.getPort(), true);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has TLS", e);
    }
  }

  /** It is our own socket that we ask, and nothing but whether it answers. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
