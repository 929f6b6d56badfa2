package dev.moonboot.secret;

import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts the URL of a node's machine config into its kernel arguments, where they say {@value
 * #PLACEHOLDER}.
 */
public final class ConfigUrls {
  /** Stands for the URL, anywhere in an argument. */
  public static final String PLACEHOLDER = "{config-url}";

  /** Where tickets are redeemed. */
  public static final String FOLDER = "/config/";

  /** What stands in an answer where a ticket would, for who only wants to know what it is like. */
  public static final String NO_TICKET = FOLDER + "x".repeat(Tickets.LENGTH);

  private static final String TICKET_SHOWN = "<ticket>";

  private final ConfigAccess access;
  private final List<String> advertised;
  private final @Nullable Path statics;

  /**
   * @param advertised the URLs under which nodes reach us; the first one is used
   * @param statics the folder of static files; null when there is none
   */
  public ConfigUrls(ConfigAccess access, List<String> advertised, @Nullable Path statics) {
    this.access = access;
    this.advertised = List.copyOf(advertised);
    this.statics = statics;
  }

  /** Changes nothing: for listeners without configuration. */
  public static ConfigUrls none() {
    return new ConfigUrls(ConfigAccess.none(), List.of(), null);
  }

  /**
   * Who asks.
   *
   * @param client its address, as the connection shows it
   * @param mac as it says; empty when it does not
   * @param base the URL of the address of ours that it has connected to: what it says itself
   *     ({@code Host}) is not believed
   * @param boots false for who only wants to know how long the answer would be
   */
  public record Asker(String client, String mac, String base, boolean boots) {}

  /** The answer as it is sent to who asks, with a fresh ticket where one is needed. */
  public BootAnswer fill(BootAnswer answer, Asker asker) {
    return filled(
        answer,
        asker.base(),
        right ->
            asker.boots()
                ? access.issue(
                    new Tickets.Right(asker.client(), right.profile(), right.file(), asker.mac()))
                : NO_TICKET.substring(FOLDER.length()));
  }

  /** The answer as people are shown it: with {@value #TICKET_SHOWN} for the ticket. */
  public BootAnswer preview(BootAnswer answer) {
    return filled(answer, "http://<this server>", _ -> TICKET_SHOWN);
  }

  /** A ticket is wanted for this. */
  private record Wanted(String profile, String file) {}

  private BootAnswer filled(BootAnswer answer, String base, Function<Wanted, String> ticket) {
    if (!(answer instanceof BootAnswer.Plan(var plan))
        || plan.args().stream().noneMatch(arg -> arg.contains(PLACEHOLDER))) {
      return answer;
    }
    Optional<String> file = file(plan);
    if (file.isEmpty()) {
      return none(plan, "needs \"machine_config\" in the profile, or in the metadata of its group");
    }
    if (!isThere(file.get())) {
      return none(plan, "names the machine config " + file.get() + ", which is no static file");
    }
    String url = base(base);
    url +=
        access.policy(plan.profile()).access() == Access.TICKET
            ? FOLDER + ticket.apply(new Wanted(plan.profile(), file.get()))
            : "/assets/" + file.get();
    String whole = url;
    return new BootAnswer.Plan(
        plan.withArgs(plan.args().stream().map(arg -> arg.replace(PLACEHOLDER, whole)).toList()));
  }

  /**
   * How our URLs begin, without a slash at the end.
   *
   * @param own by the address of ours that who asks has connected to; counts where none is
   *     advertised
   */
  public String base(String own) {
    return advertised.isEmpty() ? own : advertised.getFirst().replaceFirst("/+$", "");
  }

  private static BootAnswer none(BootPlan plan, String why) {
    return new BootAnswer.NoMatch("profile %s: %s %s".formatted(plan.profile(), PLACEHOLDER, why));
  }

  private Optional<String> file(BootPlan plan) {
    Catalog catalog = access.catalog();
    Optional<Group> group = catalog.group(plan.group());
    Optional<Profile> profile = catalog.profile(plan.profile());
    return group.isPresent() && MachineConfig.isSetBy(group.get())
        ? MachineConfig.ofGroup(group.get())
        : profile.map(Profile::machineConfig).filter(file -> !file.isEmpty());
  }

  private boolean isThere(String file) {
    return statics != null
        && Profile.isMachineConfig(file)
        && Files.isRegularFile(statics.resolve(file));
  }
}
