package dev.moonboot.http;

import dev.moonboot.metrics.Meters;
import dev.moonboot.metrics.Meters.Protocol;
import dev.moonboot.release.Served;
import java.io.IOException;
import java.util.function.LongConsumer;

/**
 * A file on its way: counted, and holding its place among those that run at once.
 *
 * @param sent told how many bytes were sent in the end
 */
record Transfer(Body file, Transfers.Place place, Served.Use use, Meters meters, LongConsumer sent)
    implements Body {
  @Override
  public long length() {
    return file.length();
  }

  @Override
  public void writeTo(Output out) throws IOException {
    long before = out.written();
    place.sendingTo(out);
    try {
      file.writeTo(out);
    } finally {
      meters.sent(Protocol.HTTP, out.written() - before);
      sent.accept(out.written() - before);
    }
  }

  @Override
  public void close() throws IOException {
    try (place;
        use) {
      file.close();
    }
  }
}
