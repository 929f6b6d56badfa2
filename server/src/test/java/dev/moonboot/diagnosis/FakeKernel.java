package dev.moonboot.diagnosis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Files as Linux shows them. */
final class FakeKernel {
  private static final String SOCKETS =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode\n";

  private final Path folder;

  FakeKernel(Path folder) {
    this.folder = folder;
  }

  Kernel kernel() {
    return new Kernel(folder.resolve("proc"), folder.resolve("sys"));
  }

  FakeKernel file(String name, String text) {
    try {
      Path file = folder.resolve("proc").resolve(name);
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One socket that is bound there; TCP ones listen. */
  FakeKernel socket(String protocol, int port, int inode) {
    String state = protocol.startsWith("tcp") ? "0A" : "07";
    return file(
        "net/" + protocol,
        SOCKETS
            + "   0: 00000000:%04X 00000000:0000 %s 00000000:00000000 00:00000000 00000000  0  0 %d 2\n"
                .formatted(port, state, inode));
  }

  /** A process that has a socket open. */
  FakeKernel process(long pid, String command, int inode) {
    file(pid + "/cmdline", command.replace(' ', '\0'));
    try {
      Path files = Files.createDirectories(folder.resolve("proc/" + pid + "/fd"));
      Files.createSymbolicLink(files.resolve("3"), Path.of("socket:[" + inode + "]"));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
