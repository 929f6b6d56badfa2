package dev.moonboot.cli;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code moonboot admin profiles} and {@code groups} have in common. */
final class CatalogCommand {
  static final String PROFILES = "/admin/v1/profiles";
  static final String GROUPS = "/admin/v1/groups";

  private CatalogCommand() {}

  /** A command about one of them. */
  abstract static class OnOne extends AdminCall {
    private final String all;

    OnOne(String all) {
      this.all = all;
    }

    final String path(String id) {
      return all + "/" + AdminClient.encode(id);
    }

    final void toldWithNotes(Printer printer, Json.Obj outcome, String summary) {
      told(printer, outcome, summary);
      if (!options.json) {
        outcome
            .array("warnings")
            .orElse(List.of())
            .forEach(warning -> printer.line("  note: " + Cell.of(warning).shown()));
      }
    }
  }

  /** Prints one, in matchbox's format: fit to be edited and put again. */
  abstract static class GetOne extends OnOne {
    @Parameters(paramLabel = "NAME", description = "Its name.")
    private @Nullable String id;

    GetOne(String all) {
      super(all);
    }

    @Override
    final void run(AdminClient client, Printer printer) {
      printer.json(client.get(path(given(id))));
    }
  }

  /** Writes one. */
  abstract static class PutOne extends OnOne {
    @Parameters(
        paramLabel = "FILE",
        description = "JSON in matchbox's format; - for standard input.")
    private @Nullable Path file;

    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "Its name; the id in the file when not given.")
    private String id = "";

    @Option(
        names = "--if-match",
        paramLabel = "ETAG",
        description = "Only where it is still this version.")
    private String version = "";

    PutOne(String all) {
      super(all);
    }

    @Override
    final void run(AdminClient client, Printer printer) {
      Json.Obj content = read(given(file));
      String name = id.isEmpty() ? content.text("id").orElse("") : id;
      if (name.isEmpty()) {
        throw new CliException(
            CliException.USAGE, file + " has no \"id\": give it one, or use --name");
      }
      Map<String, String> condition = version.isEmpty() ? Map.of() : Map.of("If-Match", version);
      Answer answer = client.change("PUT", path(name), content, condition);
      Json.Obj done = answer.json();
      toldWithNotes(printer, done, name + (answer.status() == 201 ? " is created" : " is changed"));
    }

    private static Json.Obj read(Path file) {
      try {
        String text =
            file.toString().equals("-")
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(file);
        if (JsonText.parse(text) instanceof Json.Obj content) {
          return content;
        }
        throw new CliException(CliException.USAGE, file + " holds no JSON object");
      } catch (JsonException e) {
        throw new CliException(CliException.USAGE, file + " is not JSON: " + e.getMessage());
      } catch (IOException e) {
        throw new CliException(CliException.USAGE, file + " cannot be read: " + e);
      }
    }
  }

  /** Deletes one. */
  abstract static class DeleteOne extends OnOne {
    @Parameters(paramLabel = "NAME", description = "Its name.")
    private @Nullable String id;

    DeleteOne(String all) {
      super(all);
    }

    @Override
    final void run(AdminClient client, Printer printer) {
      Json.Obj done = client.change("DELETE", path(given(id)), null, Map.of()).json();
      toldWithNotes(printer, done, id + " is deleted");
    }
  }
}
