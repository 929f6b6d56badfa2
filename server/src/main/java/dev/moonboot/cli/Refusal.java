package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.stream.Collectors;

/** Problems that the server told (RFC 9457), as a person at a terminal is told them. */
final class Refusal {
  private Refusal() {}

  static CliException of(Answer answer) {
    boolean problem =
        answer.header("content-type").orElse("").startsWith("application/problem+json");
    return problem
        ? of(answer.json())
        : new CliException(
            code(answer.status()),
            "the server answered with status "
                + answer.status()
                + ": "
                + Cell.clean(answer.text().strip()));
  }

  static CliException of(Json.Obj problem) {
    long status = problem.integer("status").orElse(0L);
    String title = problem.text("title").orElse("it failed");
    String detail = problem.text("detail").orElse("");
    String errors =
        problem.array("errors").stream()
            .flatMap(items -> items.stream())
            .map(error -> error(error, detail))
            .collect(Collectors.joining());
    String next = next((int) status);
    return new CliException(
        code((int) status),
        Cell.clean(title)
            + (detail.isEmpty() ? "" : ": " + Cell.clean(detail))
            + errors
            + (next.isEmpty() ? "" : "\n  " + next));
  }

  /** A line for a member that is to blame; nothing when the detail has said it all. */
  private static String error(Json error, String told) {
    if (!(error instanceof Json.Obj field)) {
      return "";
    }
    String pointer = field.text("pointer").orElse("");
    String why = field.text("detail").orElse("");
    if (told.equals(why) || told.endsWith(pointer + " " + why)) {
      return "";
    }
    return "\n  %s %s"
        .formatted(pointer.isEmpty() ? "the whole" : Cell.clean(pointer), Cell.clean(why));
  }

  private static int code(int status) {
    return status == 401 || status == 403 ? CliException.REFUSED : CliException.FAILED;
  }

  private static String next(int status) {
    return switch (status) {
      case 401 ->
          "give a token: --token-file FILE, or "
              + ClientSettings.TOKEN_FILE
              + ", or ~/.config/moonboot/admin.yaml";
      case 403 -> "ask for a token with a higher role, or use another one: --token-file FILE";
      case 412 -> "look at it again, and repeat the command if it is still wanted";
      default -> "";
    };
  }
}
