package dev.moonboot.tftp;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.firmware.Asker;
import dev.moonboot.journal.Printable;
import dev.moonboot.release.Served;
import dev.moonboot.tftp.TftpPacket.ErrorCode;
import dev.moonboot.tftp.TftpPacket.Failure;
import dev.moonboot.tftp.TftpPacket.Rrq;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Finds and opens what is asked for, away from the event loop, because disks may be slow. */
final class Openings {
  /** What became of a request. */
  sealed interface Result {}

  /** There it is; the receiver closes it. */
  record Opened(Content content) implements Result {}

  /**
   * Nothing is sent but an error.
   *
   * @param reason one word, for meters and log
   */
  record Refused(Failure failure, String reason) implements Result {}

  private static final System.Logger LOG = System.getLogger(TftpListener.class.getName());
  private static final int MOST_NAME = 200;

  private final TftpTree tree;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tftp-open").factory());

  Openings(TftpTree tree) {
    this.tree = tree;
  }

  /** Hands the result to {@code then} on a thread of its own. */
  void open(Rrq asked, Asker who, Consumer<Result> then) {
    threads.execute(() -> then.accept(result(asked, who)));
  }

  /**
   * There always is one: whoever waited for it in vain would keep his place among the transfers.
   */
  private Result result(Rrq asked, Asker who) {
    try {
      return open(asked, who);
    } catch (RuntimeException e) {
      LOG.log(
          ERROR,
          "tftp client=%s file=\"%s\" result=fault"
              .formatted(who.client(), Printable.line(asked.file(), MOST_NAME)),
          e);
      return new Refused(new Failure(ErrorCode.ACCESS, "the server's fault, see its log"), "fault");
    }
  }

  private Result open(Rrq asked, Asker who) {
    if (!asked.mode().equals("octet")) {
      // netascii would turn every LF byte of a kernel into two: better none than a broken one
      return new Refused(new Failure(ErrorCode.ILLEGAL, "mode octet only"), "mode");
    }
    return TftpName.parse(asked.file())
        .map(name -> open(name, who))
        .orElseGet(() -> new Refused(new Failure(ErrorCode.ACCESS, "no such name"), "name"));
  }

  private Result open(TftpName name, Asker who) {
    return switch (tree.find(name, who)) {
      case TftpTree.Entry.Stored(Path file) -> open(file, () -> {});
      case TftpTree.Entry.OfRelease(Path file, Digest release) -> open(file, tree.begin(release));
      case TftpTree.Entry.Text(String text) ->
          new Opened(new Content.Text(ByteBuffer.wrap(text.getBytes(UTF_8))));
      case TftpTree.Entry.Absent(String why) -> notFound(why);
    };
  }

  private static Result open(Path file, Served.Use use) {
    try {
      return new Opened(Content.OpenFile.of(file, use));
    } catch (NoSuchFileException e) {
      use.close();
      return notFound("file not found"); // removed since it was listed
    } catch (IOException e) {
      use.close();
      LOG.log(WARNING, "tftp file={0} result=unreadable why=\"{1}\"", file, e.toString());
      return new Refused(new Failure(ErrorCode.ACCESS, "the file cannot be read"), "unreadable");
    }
  }

  /** Error 1: U-Boot asks for ever after any other. */
  private static Result notFound(String why) {
    return new Refused(new Failure(ErrorCode.NOT_FOUND, why), "not_found");
  }

  /** Lets nothing more be opened, and waits at most {@code most} for what is being opened. */
  void close(Duration most) {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.log(WARNING, "tftp result=unfinished why=\"the disk does not answer\"");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever stops us wants it done now
    }
  }
}
