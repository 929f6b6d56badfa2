package dev.moonboot.diagnosis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Asks the listeners of this machine by HTTP, whatever certificate they show. */
final class HttpProbe {
  private static final int MOST = 4 << 20;
  private static final int MOST_OF_AN_ERROR = 500;

  /** What came. */
  sealed interface Answer {
    /**
     * An answer.
     *
     * @param size of the content; -1 where it is not told
     * @param text the content of a GET
     */
    record Got(int status, long size, String text) implements Answer {
      boolean isGood() {
        return status == 200;
      }
    }

    /** None. */
    record Nothing(String why) implements Answer {}
  }

  private final Duration patience;
  private final Optional<String> token;

  /**
   * @param token for the admin listener
   */
  HttpProbe(Duration patience, Optional<String> token) {
    this.patience = patience;
    this.token = token;
  }

  Answer head(String url) {
    return ask("HEAD", url, Optional.empty());
  }

  Answer get(String url) {
    return ask("GET", url, Optional.empty());
  }

  /** With the token. */
  Answer getAdmin(String url) {
    return ask("GET", url, token);
  }

  private Answer ask(String method, String url, Optional<String> bearer) {
    try {
      var connection = (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
      try {
        if (connection instanceof HttpsURLConnection secured) {
          secured.setSSLSocketFactory(anybody().getSocketFactory());
          secured.setHostnameVerifier((_, _) -> true);
        }
        connection.setRequestMethod(method);
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) patience.toMillis());
        connection.setReadTimeout((int) patience.toMillis());
        connection.setRequestProperty("Connection", "close");
        connection.setRequestProperty("Accept", "*/*");
        bearer.ifPresent(word -> connection.setRequestProperty("Authorization", "Bearer " + word));
        int status = connection.getResponseCode();
        long size = connection.getContentLengthLong();
        return new Answer.Got(status, size, method.equals("GET") ? text(connection, status) : "");
      } finally {
        connection.disconnect();
      }
    } catch (IOException | IllegalArgumentException e) {
      return new Answer.Nothing(String.valueOf(e.getMessage()));
    }
  }

  private static String text(HttpURLConnection connection, int status) throws IOException {
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return in == null
          ? ""
          : new String(in.readNBytes(status < 400 ? MOST : MOST_OF_AN_ERROR), UTF_8);
    }
  }

  private static SSLContext anybody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has TLS", e);
    }
  }

  /** It is this machine that is asked, and whether it answers. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
