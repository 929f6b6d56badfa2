package dev.moonboot.diagnosis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what keeps nodes from booting. It binds no port of the service, takes no lease and
 * writes nothing, so it works beside a running service and without one.
 */
public final class Diagnosis {
  /**
   * What is looked at.
   *
   * @param loaders boot programs, and which are missing
   * @param links where to ask for DHCP; empty for where the service answers it
   * @param node null for none
   * @param token for the admin listener
   * @param patience for one answer
   */
  public record Subjects(
      Configured service,
      List<Loader> loaders,
      List<String> links,
      OfferProbe probe,
      @Nullable Node node,
      Optional<String> token,
      Duration patience) {}

  private final Subjects subjects;
  private final Kernel kernel;
  private final Instant built;

  /**
   * @param built a time that is past for certain
   */
  public Diagnosis(Subjects subjects, Instant built) {
    this(subjects, built, Kernel.HERE);
  }

  Diagnosis(Subjects subjects, Instant built, Kernel kernel) {
    this.subjects = subjects;
    this.built = built;
    this.kernel = kernel;
  }

  /** Looks. Takes some seconds for each interface that is asked for DHCP. */
  public Report run() throws InterruptedException {
    Configured service = subjects.service();
    Asking asking = new Asking(service, subjects.patience(), subjects.token());
    Set<String> own = OffersCheck.own(kernel);
    boolean answering =
        !service.dhcp().isEmpty()
            && service.dhcpBroadcast()
            && service.dhcpEverybody()
            && asking.boots();
    List<String> links = subjects.links().isEmpty() ? service.dhcp() : subjects.links();
    Instant now = Instant.now();
    List<Finding> found = new ArrayList<>();
    List<Check> checks =
        List.of(
            new ListenersCheck(service, kernel),
            new LinksCheck(service, kernel),
            new BaseUrlCheck(service, own),
            new OffersCheck(links, answering, own, subjects.probe()),
            new FilesCheck(service, subjects.loaders(), asking),
            new ServiceCheck(asking, now),
            new MachineCheck(service, kernel, now, built));
    for (Check check : checks) {
      found.addAll(check.look());
    }
    Node node = subjects.node();
    return new Report(
        found, node == null ? List.of() : new NodeWalk(service, asking, node).steps());
  }
}
