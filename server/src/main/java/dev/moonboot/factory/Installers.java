package dev.moonboot.factory;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.schematic.Schematic;
import java.util.List;

/**
 * Installer images by schematic and platform, all architectures in one, which are made when they
 * are asked for. Who asks for one waits for it, unless too many do.
 */
public final class Installers {
  /** The tag of what is made of the newest version. */
  public static final String LATEST = "latest";

  /** The platform of what is named without one. */
  public static final String METAL = ImageFile.METAL;

  private final Factory factory;
  private final Composing composing;
  private final OrderBook book;
  private final Orders orders;
  private final HeldRequests held;

  Installers(
      Factory factory, Composing composing, OrderBook book, Orders orders, HeldRequests held) {
    this.factory = factory;
    this.composing = composing;
    this.book = book;
    this.orders = orders;
    this.held = held;
  }

  /** Whether Talos has a platform of that name. */
  public static boolean isPlatform(String text) {
    return ImageFile.isPlatform(text);
  }

  /**
   * The image of a version.
   *
   * @param tag a version, with or without {@code v}, or {@link #LATEST}
   * @throws FactoryException when it can never be there
   */
  public OrderStatus image(String schematic, String platform, String tag) {
    Schematic asked = factory.schematic(schematic);
    Order order = order(schematic, platform, tag.equals(LATEST) ? latest() : factory.version(tag));
    Channel channel = composing.channel(asked, order);
    factory.use(schematic);
    return held.ask(order, channel);
  }

  static Order order(String schematic, String platform, String version) {
    return new Order(schematic, version, List.of(Arch.values()), platform, Output.INSTALLER);
  }

  /** The newest version that is no pre-release, where there is such a one. */
  private String latest() {
    List<String> versions = factory.versions();
    return versions.reversed().stream()
        .filter(version -> TalosVersion.parse(version).filter(TalosVersion::isRelease).isPresent())
        .findFirst()
        .orElseGet(() -> {
          if (versions.isEmpty()) {
            throw FactoryException.unknown("no Talos version is known here");
          }
          return versions.getLast();
        });
  }

  /** Images that are there, that asked for last in front. */
  public List<Release> made(String schematic, String platform) {
    return book.made(schematic, platform, Output.INSTALLER).stream()
        .flatMap(digest -> orders.held(digest).stream())
        .toList();
  }

  /**
   * Which versions an image can be made of.
   *
   * @throws FactoryException when the schematic is not known, or none is known yet
   */
  public List<String> versions(String schematic) {
    factory.schematic(schematic);
    return factory.versions();
  }

  /** Nobody waits for what is made any more. */
  void letGo() {
    held.letGo();
  }
}
