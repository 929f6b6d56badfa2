package dev.moonboot.rpc;

import dev.moonboot.journal.AuditException;
import dev.moonboot.profile.FieldProblem;
import dev.moonboot.profile.MatchboxWriter;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Why calls fail, with the code that says so. */
final class Problems {
  private static final int MOST_TOLD = 10;

  private Problems() {}

  static StatusRuntimeException invalid(String why) {
    return Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException();
  }

  static StatusRuntimeException invalid(String what, List<FieldProblem> problems) {
    String all =
        problems.stream()
            .limit(MOST_TOLD)
            .map(problem -> (problem.pointer() + " " + problem.why()).strip())
            .collect(Collectors.joining("; "));
    return invalid(what + " cannot be used as it is, and nothing was changed: " + all);
  }

  static StatusRuntimeException notFound(String why) {
    return Status.NOT_FOUND.withDescription(why).asRuntimeException();
  }

  static StatusRuntimeException tooMuch(String why) {
    return Status.RESOURCE_EXHAUSTED.withDescription(why).asRuntimeException();
  }

  /** The disk did not take it. */
  static StatusRuntimeException notWritten(Path data, Path folder, String why) {
    if (Files.isWritable(Files.exists(folder) ? folder : data)) {
      return Status.INTERNAL
          .withDescription(why + "; what was in force still is. Is there room on that disk?")
          .asRuntimeException();
    }
    return Status.FAILED_PRECONDITION
        .withDescription(
            why
                + "; what was in force still is. moonboot may not write to the data directory "
                + data
                + ": with the systemd unit set data: to a folder below /var/lib/moonboot (its"
                + " StateDirectory=), in a container mount the folder writable")
        .asRuntimeException();
  }

  static StatusRuntimeException notAudited(AuditException cause) {
    return Status.FAILED_PRECONDITION
        .withDescription(
            "nothing was changed, because it cannot be written down in the audit log: "
                + cause.getMessage())
        .asRuntimeException();
  }

  /**
   * The name, where it can be one.
   *
   * @param what whose: {@code group id}
   */
  static String name(String what, String name) {
    if (MatchboxWriter.isName(name)) {
      return name;
    }
    throw invalid(
        name.isEmpty()
            ? what + " is required: it is empty"
            : what
                + " \""
                + Printable.of(name)
                + "\" cannot be one: it is to be the name of one file, printable, without / and"
                + " not beginning with a dot, of 200 bytes at most");
  }
}
