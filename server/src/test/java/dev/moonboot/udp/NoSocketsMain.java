package dev.moonboot.udp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Opens sockets until the system gives no more, and prints what that looks like. */
final class NoSocketsMain {
  private static final int MOST_FILES = 256;

  private NoSocketsMain() {}

  /** The class of what is thrown then. */
  static String whenThereAreNoMore(boolean epoll) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process child =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -n " + MOST_FILES + " && exec \"$@\"",
                "sh",
                java,
                "-Xmx32m",
                "-XX:-MaxFDLimit",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                NoSocketsMain.class.getName(),
                Boolean.toString(epoll))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (InputStream out = child.getInputStream()) {
      return new String(out.readAllBytes(), UTF_8).strip();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  /** One argument: whether over epoll. */
  public static void main(String[] args) throws InterruptedException {
    var udp = new UdpLoop("test-udp", Boolean.parseBoolean(args[0]));
    Throwable cause = null;
    for (int i = 0; i < 2 * MOST_FILES && cause == null; i++) {
      try {
        udp.loop().submit(() -> udp.socket(true, new ChannelInboundHandlerAdapter())).get();
      } catch (ExecutionException e) {
        cause = e.getCause();
      }
    }
    System.out.println(cause == null ? "nothing" : cause.getClass().getName());
    udp.close(Duration.ofSeconds(5));
  }
}
