package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.moonboot.testing.Fuzz;
import io.helidon.common.buffers.DataReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes from a client: the same heads however they arrive, passed on with one end and no more
 * lines than came; paths and ranges that stay where they belong.
 */
public final class RequestFuzz {
  private static final int REQUESTS = 100;

  private RequestFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      List<String> atOnce = heads(() -> input.clone(), true);
      InputStream slowly = Fuzz.trickle(input);
      List<String> pieces = heads(() -> piece(slowly), false);
      if (!atOnce.equals(pieces)) {
        throw new AssertionError(atOnce + " at once, but in pieces " + pieces);
      }
      head(input);
      texts(new String(input, ISO_8859_1));
    });
  }

  private interface Source {
    byte @Nullable [] next();
  }

  /** All heads of a connection, as Helidon gets them. */
  private static List<String> heads(Source source, boolean once) {
    List<String> all = new ArrayList<>();
    boolean[] given = {false};
    DataReader reader =
        DataReader.create(() -> {
          byte[] next = once && given[0] ? null : source.next();
          given[0] = true;
          return next == null || next.length == 0 ? null : next;
        });
    RequestHeads heads =
        new RequestHeads(
            reader, new Pulse(HttpLimits.DEFAULT, System::nanoTime), REQUESTS, Bodies.NONE);
    for (byte[] head = heads.get(); head != null; head = heads.get()) {
      all.add(new String(head, ISO_8859_1));
      if (all.size() > REQUESTS) {
        throw new AssertionError("more requests than a connection may have");
      }
    }
    return all;
  }

  private static byte @Nullable [] piece(InputStream in) {
    byte[] buffer = new byte[7];
    try {
      int count = in.read(buffer, 0, buffer.length);
      return count < 0 ? null : Arrays.copyOf(buffer, count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void head(byte[] bytes) {
    RequestHead head = new RequestHead(bytes);
    String sent = new String(bytes, ISO_8859_1);
    String passed = new String(head.toHelidon(true), ISO_8859_1);
    if (passed.equals(sent)) {
      return; // malformed: Helidon refuses it
    }
    List<String> lines = List.of(passed.split("\r\n", -1));
    require(passed.endsWith("\r\n\r\n"), passed);
    require(lines.stream().skip(1).filter(RequestFuzz::isConnection).count() == 1, passed);
    require(lines.size() <= sent.split("\r\n", -1).length + 2, passed);
    require(new RequestHead(passed.getBytes(ISO_8859_1)).isLast(), passed);
  }

  private static boolean isConnection(String line) {
    return line.toLowerCase(Locale.ROOT).startsWith("connection:");
  }

  private static void texts(String text) {
    String clean = RequestPath.clean(text);
    require(clean.startsWith("/") && !clean.contains("//"), clean);
    require(List.of(clean.split("/", -1)).stream().noneMatch(s -> s.equals("..")), clean);
    require(RequestPath.clean(clean).equals(clean), clean);
    var _ = RequestPath.decode(text);
    for (long size : new long[] {0, 1, 1000, 1L << 40}) {
      if (ByteRange.parse("bytes=" + text, size)
          instanceof ByteRange.Part(long first, long length)) {
        require(first >= 0 && length > 0 && first + length <= size, text);
      }
    }
  }

  private static void require(boolean holds, Object what) {
    if (!holds) {
      throw new AssertionError(what.toString());
    }
  }

  static List<byte[]> seeds() {
    return List.of(
        sent("GET /ipxe?mac=52:54:00:a1:9c:ae HTTP/1.1\r\nHost: x\r\n\r\n"),
        sent(
            "GET /a HTTP/1.1\r\nHost: x\r\n\r\nHEAD /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        sent(
            "GET http://h:80/\u00e9?a HTTP/1.0\r\nKeep-Alive: 3\r\nConnection: keep-alive\r\n\r\n"),
        sent("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"),
        sent("GET / HTTP/1.1\nHost: x\n\n"),
        sent("/assets/../x/./%2e%2e//y%zz"),
        sent("0-0, -5, 7-"));
  }

  private static byte[] sent(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
