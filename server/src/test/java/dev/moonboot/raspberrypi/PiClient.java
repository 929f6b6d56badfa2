package dev.moonboot.raspberrypi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Asks for files as the boot loader of a Raspberry Pi does: from a new port each time, with {@code
 * tsize} before {@code blksize}; for a file that it only wants to know to be there it ends the
 * transfer after the first answer.
 */
final class PiClient {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int SILENCE_MILLIS = 150;

  private final InetSocketAddress server;
  private final int blockSize;

  PiClient(InetSocketAddress server, int blockSize) {
    this.server = server;
    this.blockSize = blockSize;
  }

  /** What came of a request. */
  sealed interface Outcome {
    /** The size that the server named, in answer to the options as they were sent. */
    record There(long size, List<String> options) implements Outcome {}

    record Whole(ByteBuffer bytes) implements Outcome {}

    record Refused(int code, String text) implements Outcome {}
  }

  /** Asks whether there is such a file, and ends the transfer. */
  Outcome probe(String file) throws IOException {
    try (DatagramSocket socket = asked(file)) {
      DatagramPacket answer = receive(socket);
      ByteBuffer in = ByteBuffer.wrap(answer.getData(), 0, answer.getLength());
      int opcode = in.getShort();
      if (opcode == 5) {
        return refused(in);
      }
      if (opcode != 6) {
        throw new AssertionError(file + ": opcode " + opcode + " for a request with options");
      }
      List<String> options = options(in);
      send(socket, answer, "\0\5\0\0Early terminate\0".getBytes(US_ASCII));
      socket.setSoTimeout(SILENCE_MILLIS);
      try {
        receive(socket);
        throw new AssertionError(file + ": goes on after the transfer was ended");
      } catch (SocketTimeoutException e) {
        return new Outcome.There(Long.parseLong(options.get(1)), options);
      }
    }
  }

  /** Loads a file. */
  Outcome read(String file) throws IOException {
    try (DatagramSocket socket = asked(file)) {
      var bytes = new ByteArrayOutputStream();
      long size = -1;
      int wanted = 1;
      while (true) {
        DatagramPacket answer = receive(socket);
        ByteBuffer in = ByteBuffer.wrap(answer.getData(), 0, answer.getLength());
        switch (in.getShort()) {
          case 6 -> {
            size = Long.parseLong(options(in).get(1));
            send(socket, answer, new byte[] {0, 4, 0, 0});
          }
          case 3 -> {
            int block = in.getShort() & 0xffff;
            if (block == (wanted & 0xffff)) {
              byte[] part = new byte[in.remaining()];
              in.get(part);
              bytes.writeBytes(part);
              wanted++;
              send(socket, answer, new byte[] {0, 4, (byte) (block >> 8), (byte) block});
              if (part.length < blockSize) {
                if (bytes.size() != size) {
                  throw new AssertionError(file + ": named " + size + ", sent " + bytes.size());
                }
                return new Outcome.Whole(ByteBuffer.wrap(bytes.toByteArray()));
              }
            }
          }
          case 5 -> {
            return refused(in);
          }
          default -> throw new AssertionError(file + ": not sent by a server");
        }
      }
    }
  }

  private DatagramSocket asked(String file) throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(PATIENCE_MILLIS);
    byte[] request =
        ("\0\1" + file + "\0octet\0tsize\0" + "0\0blksize\0" + blockSize + "\0").getBytes(US_ASCII);
    socket.send(new DatagramPacket(request, request.length, server));
    return socket;
  }

  private static DatagramPacket receive(DatagramSocket socket) throws IOException {
    byte[] buffer = new byte[2048];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    socket.receive(packet);
    return packet;
  }

  private static void send(DatagramSocket socket, DatagramPacket answer, byte[] bytes)
      throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, answer.getSocketAddress()));
  }

  private static List<String> options(ByteBuffer in) {
    return new ArrayList<>(Arrays.asList(text(in).split("\0", 0)));
  }

  private static Outcome refused(ByteBuffer in) {
    int code = in.getShort();
    return new Outcome.Refused(code, text(in).replace("\0", ""));
  }

  private static String text(ByteBuffer in) {
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    return new String(rest, US_ASCII);
  }
}
