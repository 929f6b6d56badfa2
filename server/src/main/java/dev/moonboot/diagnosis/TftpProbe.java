package dev.moonboot.diagnosis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Asks for a file over TFTP (RFC 1350, RFC 2349): how long it is, and its first block; then it says
 * that it has enough, as ROMs do that only look.
 */
final class TftpProbe {
  private static final int READ = 1;
  private static final int DATA = 3;
  private static final int ACK = 4;
  private static final int ERROR = 5;
  private static final int AGREED = 6;
  private static final int TRIES = 3;
  private static final int LARGEST = 1500;
  private static final byte[] ENOUGH = "\0\5\0\0enough\0".getBytes(US_ASCII);

  /** What came. */
  sealed interface Answer {
    /**
     * The file.
     *
     * @param size its length; -1 where the server does not tell it
     * @param block bytes of its first block
     */
    record Found(long size, int block) implements Answer {}

    /** An error of the server's. */
    record Refused(int code, String text) implements Answer {}

    /** Nothing. */
    record Nothing(String why) implements Answer {}
  }

  private final InetSocketAddress server;
  private final Duration patience;

  /**
   * @param patience for a file
   */
  TftpProbe(InetSocketAddress server, Duration patience) {
    this.server = server;
    this.patience = patience;
  }

  Answer ask(String name) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout((int) Math.max(1, patience.toMillis() / TRIES));
      byte[] request = request(name);
      for (int i = 0; i < TRIES; i++) {
        socket.send(new DatagramPacket(request, request.length, server));
        try {
          return answer(socket);
        } catch (SocketTimeoutException e) {
          // the next try
        }
      }
      return new Answer.Nothing("no answer within " + patience.toSeconds() + " s");
    } catch (IOException e) {
      return new Answer.Nothing(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] request(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    out.write(READ);
    for (String word : new String[] {name, "octet", "tsize", "0"}) {
      out.writeBytes(word.getBytes(ISO_8859_1));
      out.write(0);
    }
    return out.toByteArray();
  }

  private static Answer answer(DatagramSocket socket) throws IOException {
    long size = -1;
    while (true) {
      var packet = new DatagramPacket(new byte[LARGEST], LARGEST);
      socket.receive(packet);
      ByteBuffer in = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
      int code = in.remaining() < 4 ? 0 : in.getShort();
      switch (code) {
        case AGREED -> {
          size = size(in);
          send(socket, packet, new byte[] {0, ACK, 0, 0});
        }
        case DATA -> {
          send(socket, packet, ENOUGH);
          return new Answer.Found(size, packet.getLength() - 4);
        }
        case ERROR -> {
          int number = in.getShort();
          byte[] text = new byte[in.remaining()];
          in.get(text);
          return new Answer.Refused(number, new String(text, ISO_8859_1).replace("\0", ""));
        }
        default -> {
          return new Answer.Nothing("what answers there speaks no TFTP");
        }
      }
    }
  }

  private static void send(DatagramSocket socket, DatagramPacket to, byte[] packet)
      throws IOException {
    socket.send(new DatagramPacket(packet, packet.length, to.getSocketAddress()));
  }

  private static long size(ByteBuffer in) {
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    String[] words = new String(rest, ISO_8859_1).split("\0", -1);
    for (int i = 0; i + 1 < words.length; i += 2) {
      if (words[i].equalsIgnoreCase("tsize") && words[i + 1].matches("\\d{1,18}")) {
        return Long.parseLong(words[i + 1]);
      }
    }
    return -1;
  }
}
