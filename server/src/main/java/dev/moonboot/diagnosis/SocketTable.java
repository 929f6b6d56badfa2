package dev.moonboot.diagnosis;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which ports of this network namespace are taken, and by whom as far as that may be seen. */
final class SocketTable {
  private static final String LISTEN = "0A"; // include/net/tcp_states.h

  /** A port's protocol. */
  enum Protocol {
    TCP,
    UDP
  }

  /**
   * A process.
   *
   * @param command with its arguments, shortened
   */
  record Owner(long pid, String command) {
    /** The program of ours, however it was started. */
    boolean isMoonboot() {
      return command.contains("-Dmoonboot.home=") || command.contains("moonboot.jar");
    }

    @Override
    public String toString() {
      String word = isMoonboot() ? "moonboot" : command.replaceFirst(" .*", "");
      return word.substring(word.lastIndexOf('/') + 1) + " (pid " + pid + ")";
    }
  }

  private record Socket(Protocol protocol, int port, String inode) {}

  private final List<Socket> sockets = new ArrayList<>();
  private final Map<String, Owner> owners;

  private SocketTable(Kernel kernel) {
    for (String family : List.of("", "6")) {
      read(kernel, Protocol.TCP, "net/tcp" + family);
      read(kernel, Protocol.UDP, "net/udp" + family);
    }
    owners = owners(kernel);
  }

  static SocketTable of(Kernel kernel) {
    return new SocketTable(kernel);
  }

  private void read(Kernel kernel, Protocol protocol, String file) {
    for (String line : kernel.lines(file)) {
      String[] fields = line.strip().split("\\s+", -1);
      boolean bound =
          fields.length > 9
              && fields[1].contains(":")
              && (protocol == Protocol.UDP || fields[3].equals(LISTEN));
      if (bound) {
        String port = fields[1].substring(fields[1].lastIndexOf(':') + 1);
        sockets.add(new Socket(protocol, Integer.parseInt(port, 16), fields[9]));
      }
    }
  }

  /** Other users' files can be looked at by root only. */
  private static Map<String, Owner> owners(Kernel kernel) {
    Map<String, Owner> owners = new HashMap<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(kernel.proc(), "[1-9]*")) {
      processes.forEach(process -> addSockets(process, owners));
    } catch (IOException e) {
      // nobody is known then
    }
    return owners;
  }

  private static void addSockets(Path process, Map<String, Owner> owners) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        String target = Files.readSymbolicLink(file).toString();
        if (target.startsWith("socket:[")) {
          owners.computeIfAbsent(
              target.substring("socket:[".length(), target.length() - 1), _ -> owner(process));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // it ended, or is somebody else's
    }
  }

  private static Owner owner(Path process) {
    long pid = Long.parseLong(process.getFileName().toString());
    try {
      String command = Files.readString(process.resolve("cmdline")).replace('\0', ' ').strip();
      return new Owner(pid, command);
    } catch (IOException e) {
      return new Owner(pid, "?");
    }
  }

  boolean isTaken(Protocol protocol, int port) {
    return sockets.stream().anyMatch(s -> s.protocol() == protocol && s.port() == port);
  }

  /** Who has it; empty where nobody has, or where that may not be seen. */
  List<Owner> owners(Protocol protocol, int port) {
    return sockets.stream()
        .filter(socket -> socket.protocol() == protocol && socket.port() == port)
        .map(socket -> Optional.ofNullable(owners.get(socket.inode())))
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }
}
