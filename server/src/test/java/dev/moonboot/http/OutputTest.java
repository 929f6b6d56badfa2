package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies where the connection's channel cannot be had: through Helidon's writer, byte for byte. */
class OutputTest {
  @TempDir Path data;

  private final Written written = new Written();
  private final Output out =
      new Output(null, written, new Pulse(HttpLimits.DEFAULT, System::nanoTime));

  private byte[] random(int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    Files.write(data.resolve("file"), bytes);
    return bytes;
  }

  @Test
  void a_text_is_copied() throws IOException {
    new Body.Text("hé\n").writeTo(out);
    assertEquals("hé\n", written.bytes.toString(UTF_8));
    assertEquals(4, out.written());
  }

  @Test
  void a_mapped_file_is_copied_in_slices() throws IOException {
    byte[] bytes = random(3_000_001);
    try (MappedFiles files = new MappedFiles(Duration.ZERO);
        MappedFiles.Lease lease = files.lease(data.resolve("file"), bytes.length).orElseThrow()) {
      new Body.Mapped(lease, new ByteRange.Part(0, bytes.length)).writeTo(out);
    }
    assertArrayEquals(bytes, written.bytes.toByteArray());
  }

  @Test
  void a_part_of_a_streamed_file_is_copied() throws IOException {
    byte[] bytes = random(300_000);
    try (FileChannel channel = FileChannel.open(data.resolve("file"))) {
      new Body.Streamed(channel, new ByteRange.Part(100_000, 200_000)).writeTo(out);
    }
    assertArrayEquals(
        java.util.Arrays.copyOfRange(bytes, 100_000, 300_000), written.bytes.toByteArray());
  }

  @Test
  void a_file_that_became_shorter_is_told() throws IOException {
    random(10);
    try (FileChannel channel = FileChannel.open(data.resolve("file"))) {
      Body body = new Body.Streamed(channel, new ByteRange.Part(0, 20));
      assertThrows(EOFException.class, () -> body.writeTo(out));
    }
  }

  private static final class Written implements DataWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(BufferData... buffers) {
      for (BufferData buffer : buffers) {
        write(buffer);
      }
    }

    @Override
    public void write(BufferData buffer) {
      bytes.writeBytes(buffer.readBytes());
    }

    @Override
    public void writeNow(BufferData... buffers) {
      write(buffers);
    }

    @Override
    public void writeNow(BufferData buffer) {
      write(buffer);
    }
  }
}
