package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code moonboot admin pins}. */
@Command(
    name = "pins",
    description = "List pins: which profiles boot a release until told otherwise.",
    mixinStandardHelpOptions = true,
    subcommands = {PinsCommand.Put.class, PinsCommand.Delete.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot admin pins",
      "  moonboot admin pins set talos-arm64 v1.13.6 --reason 'first the lab'",
      "  moonboot admin pins set talos-arm64 previous --expires 2h",
      "  moonboot admin pins delete talos-arm64"
    })
final class PinsCommand extends AdminCall {
  static final String ALL = "/admin/v1/pins";

  @Override
  void run(AdminClient client, Printer printer) {
    Json.Obj pins = client.get(ALL);
    if (options.json) {
      printer.json(pins);
    } else {
      print(pins, printer);
    }
  }

  static void print(Json.Obj pins, Printer printer) {
    printer.rows(
        pins.array("pins").orElse(List.of()),
        "nothing is pinned: every profile follows its channel",
        new Printer.Column("PROFILE", "profile"),
        new Printer.Column("VERSION", "version"),
        new Printer.Column("RELEASE", "release"),
        new Printer.Column("BY", "by"),
        new Printer.Column("SINCE", "since"),
        new Printer.Column("EXPIRES", "expires"),
        new Printer.Column("REASON", "reason"));
  }

  /** What every change of a pin can be given. */
  abstract static class OnPin extends AdminCall {
    @Parameters(index = "0", paramLabel = "PROFILE", description = "The profile's name.")
    @Nullable String profile;

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        description = "Why, for the list of pins and the audit log.")
    String reason = "";

    @Option(
        names = "--expires",
        paramLabel = "WHEN",
        converter = Expiry.class,
        description = "When it ends by itself: 90m, 2h, 3d, or a time (2026-01-31T18:00Z).")
    @Nullable Instant expires;

    @Option(
        names = "--if-revision",
        paramLabel = "N",
        description = "Only where the pin has this revision; 0 for no pin.")
    @Nullable Long revision;

    final String path() {
      return ALL + "/" + AdminClient.encode(given(profile));
    }

    final String until() {
      return expires == null ? "" : expires.toString();
    }

    final Map<String, String> condition() {
      return revision == null ? Map.of() : Map.of("If-Match", "\"r" + revision + "\"");
    }

    final void boots(Printer printer, Json.Obj done) {
      String end = text(done, "expires").equals("-") ? "" : " until " + text(done, "expires");
      told(
          printer,
          done,
          "%s boots %s %s by pin%s"
              .formatted(profile, text(done, "version"), text(done, "release"), end));
    }
  }

  /** A span from now or a moment. */
  static final class Expiry implements ITypeConverter<Instant> {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([mhd])");

    @Override
    public Instant convert(String text) {
      return moment(text, Instant.now())
          .orElseThrow(() ->
              new TypeConversionException(
                  "'" + text + "' is no time: write 90m, 2h, 3d, or 2026-01-31T18:00Z"));
    }

    static Optional<Instant> moment(String text, Instant now) {
      Matcher span = SPAN.matcher(text);
      if (span.matches()) {
        long number = Long.parseLong(span.group(1));
        Duration length =
            switch (span.group(2)) {
              case "m" -> Duration.ofMinutes(number);
              case "h" -> Duration.ofHours(number);
              default -> Duration.ofDays(number);
            };
        return Optional.of(now.plus(length).truncatedTo(ChronoUnit.SECONDS));
      }
      try {
        return Optional.of(OffsetDateTime.parse(text).toInstant());
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }
  }

  @Command(
      name = "set",
      description = "Let a profile boot a release until told otherwise; fetched when not held.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  moonboot admin pins set talos-arm64 v1.13.6 --reason 'first the lab'",
        "  moonboot admin pins set talos-arm64 previous --expires 2h",
        "  moonboot admin pins set talos-arm64 sha256:1f3a9c02..."
      })
  static final class Put extends OnPin {
    @Parameters(
        index = "1",
        paramLabel = "RELEASE",
        description = "A version (v1.13.6), a digest or its first digits, or 'previous'.")
    private @Nullable String target;

    @Override
    void run(AdminClient client, Printer printer) {
      Json.Obj body = body("release", given(target), "reason", reason, "expires", until());
      boots(printer, outcome(client, client.change("PUT", path(), body, condition())));
    }
  }

  @Command(
      name = "delete",
      description = "Let a profile follow its channel again.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin pins delete talos-arm64 --reason 'v1.13.6 is everywhere'")
  static final class Delete extends AdminCall {
    @Parameters(index = "0", paramLabel = "PROFILE", description = "The profile's name.")
    private @Nullable String profile;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit log.")
    private String reason = "";

    @Override
    void run(AdminClient client, Printer printer) {
      Answer answer =
          client.change(
              "DELETE",
              ALL + "/" + AdminClient.encode(given(profile)),
              reason.isEmpty() ? null : body("reason", reason),
              Map.of());
      told(printer, answer.json(), profile + " follows its channel again");
    }
  }
}
