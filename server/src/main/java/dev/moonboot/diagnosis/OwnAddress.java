package dev.moonboot.diagnosis;

import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which of this machine's addresses nodes are to be sent to. */
public sealed interface OwnAddress {
  /**
   * That one.
   *
   * @param from for people: how it was found
   */
  record Found(Inet4Address address, String from) implements OwnAddress {}

  /**
   * None.
   *
   * @param why for people, with what to do
   */
  record None(String why) implements OwnAddress {}

  /**
   * The address of an interface.
   *
   * @param link its name; null for the one by which the default route leaves
   */
  static OwnAddress of(@Nullable String link) {
    return of(link, Kernel.HERE);
  }

  /** As {@link #of(String)}. */
  static OwnAddress of(@Nullable String link, Kernel kernel) {
    List<NetworkLink> links = NetworkLink.all(kernel);
    if (link != null) {
      return on(links, link, "the address of " + link);
    }
    Optional<String> standard = Routes.of(kernel).standard().map(Routes.Route::link);
    return standard.isEmpty()
        ? new None("there is no default route; say --interface IF or --address IP")
        : on(links, standard.get(), "the address of " + standard.get() + ", the default route's");
  }

  private static OwnAddress on(List<NetworkLink> links, String name, String from) {
    return links.stream()
        .filter(link -> link.name().equals(name))
        .findFirst()
        .<OwnAddress>map(link ->
            link.address()
                .<OwnAddress>map(address -> new Found(address, from))
                .orElseGet(() ->
                    new None("interface " + name + " has no address of IPv4; say --address IP")))
        .orElseGet(() ->
            new None(
                "there is no interface %s; there are: %s"
                    .formatted(
                        name,
                        links.stream().map(NetworkLink::name).collect(Collectors.joining(", ")))));
  }
}
