package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a running moonboot what it holds, as long as a piece of work lasts. */
public final class ServiceReleases {
  private static final String RELEASE = "release";

  private final AdminOptions options;
  private @Nullable AdminClient client;

  private ServiceReleases(AdminOptions options) {
    this.options = options;
  }

  /** What is done with the answers. */
  @FunctionalInterface
  public interface Work {
    /** Does it; the number is what the program ends with. */
    int with(ServiceReleases service);
  }

  /**
   * Does it. Nobody is called before something is asked.
   *
   * @return what the work ends with; else, when the service does not answer as wished, what {@code
   *     moonboot admin} ends with
   */
  public static int during(AdminOptions options, PrintWriter err, Work work) {
    var service = new ServiceReleases(options);
    try {
      return work.with(service);
    } catch (CliException e) {
      err.println("moonboot: " + e.getMessage());
      return e.exitCode();
    } finally {
      service.close();
    }
  }

  private AdminClient client() {
    AdminClient opened = client;
    if (opened == null) {
      opened = new AdminClient(ClientSettings.of(options, System.getenv()));
      client = opened;
    }
    return opened;
  }

  /**
   * The digest of what a channel names, or of what it named before.
   *
   * @param previous how many heads ago
   */
  public String head(String channel, int previous) {
    Json.Obj found = client().get(ChannelsCommand.ALL + "/" + AdminClient.encode(channel));
    List<Json> history = found.array("history").orElse(List.of());
    if (history.size() <= previous) {
      throw new CliException(
          CliException.FAILED,
          previous == 0
              ? "channel %s has no release yet\n  see why: moonboot admin channels show %s"
                  .formatted(channel, channel)
              : "channel %s named nothing before what it names now\n  what is held: moonboot admin releases --channel %s"
                  .formatted(channel, channel));
    }
    return history.get(previous) instanceof Json.Obj head ? head.text(RELEASE).orElse("") : "";
  }

  /**
   * The records of a release by architecture: {@code {"amd64": {…}}}.
   *
   * @param digest or its first digits
   */
  public Json.Obj records(String digest) {
    return client()
        .get(ReleasesCommand.ALL + "/" + AdminClient.encode(digest) + "/records")
        .object("records")
        .orElseThrow(() ->
            new CliException(
                CliException.FAILED, "the server did not say what " + digest + " is made of"));
  }

  private void close() {
    if (client != null) {
      client.close();
    }
  }
}
