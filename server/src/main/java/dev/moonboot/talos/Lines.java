package dev.moonboot.talos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Parts what comes in into lines; of one that is too long nothing is kept. */
final class Lines {
  private final int longest;
  private final Consumer<String> each;
  private ByteArrayOutputStream begun = new ByteArrayOutputStream(512);
  private boolean tooLong;

  Lines(int longest, Consumer<String> each) {
    this.longest = longest;
    this.each = each;
  }

  /** Takes {@code length} bytes in. */
  void take(byte[] bytes, int length) {
    int from = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        add(bytes, from, i - from);
        end();
        from = i + 1;
      }
    }
    add(bytes, from, length - from);
  }

  private void add(byte[] bytes, int from, int count) {
    if (tooLong || begun.size() + count > longest) {
      tooLong = true;
      begun = new ByteArrayOutputStream(512); // the memory of a long one goes, too
    } else {
      begun.write(bytes, from, count);
    }
  }

  private void end() {
    if (!tooLong && begun.size() > 0) {
      each.accept(begun.toString(UTF_8));
    }
    tooLong = false;
    begun.reset();
  }
}
