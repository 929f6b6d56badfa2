package dev.moonboot.factory;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.assets.schematic.SchematicException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * This appliance as an Image Factory. Nothing that nodes ask for waits for a network or for what is
 * composed: requests look for what is there, and start work. Pulled installers and the lists of
 * what there is officially are waited for, within bounds: their clients do not come again.
 */
public final class Factory implements AutoCloseable {
  /** The longest schematic in bytes. */
  public static final int MAX_SCHEMATIC = 64 << 10;

  private final String url;
  private final SchematicShelf schematics;
  private final Composing composing;
  private final Orders orders;
  private final OrderBook book;
  private final Versions versions;
  private final Catalogs catalogs;
  private final Installers installers;

  /**
   * What it is made of.
   *
   * @param images reads an image as a person writes it; throws IllegalArgumentException
   * @param making composes, and brings what it composed here; may take long
   * @param held the release of that digest, if it can be served now
   * @param tags of the base; may take long, and throws when they cannot be had
   * @param listing what catalogs say of a version; may take long
   */
  public record Ground(
      Function<String, ImageReference> images,
      Function<Channel, Fetched> making,
      Function<Digest, Optional<Release>> held,
      Supplier<List<String>> tags,
      Listing listing) {}

  /**
   * Opens it; nothing runs before {@link #start}.
   *
   * @param folder where what was posted is kept; made when it is missing
   * @throws java.io.UncheckedIOException when the folder cannot be used
   */
  public Factory(FactoryConfig config, Path folder, Ground ground) {
    this.url = config.url();
    this.book = OrderBook.open(folder.resolve("orders.json"), config.kept());
    this.schematics =
        SchematicShelf.open(folder.resolve("schematics"), config.schematics(), book.schematics());
    this.composing = new Composing(config, ground.images());
    this.orders =
        new Orders(
            ground.making()::apply, book, ground.held(), config.concurrency(), System::nanoTime);
    this.versions = new Versions(ground.tags(), folder.resolve("versions.json"));
    this.catalogs = new Catalogs(ground.listing());
    this.installers =
        new Installers(
            this,
            composing,
            book,
            orders,
            new HeldRequests(orders, HeldRequests.MOST, HeldRequests.LONGEST));
  }

  /** Looks for versions from now on. */
  public void start() {
    versions.start();
  }

  /** Installer images by schematic. */
  public Installers installers() {
    return installers;
  }

  /** Lets those go on who wait for what is made or read: this appliance stops. */
  public void letGo() {
    installers.letGo();
    catalogs.letGo();
  }

  /** How clients reach it; empty where nobody said. */
  public String url() {
    return url;
  }

  /**
   * Keeps a schematic.
   *
   * @throws FactoryException when it is none that can be used
   */
  public Schematic post(String text) {
    Schematic schematic;
    try {
      schematic = schematics.read(text);
    } catch (SchematicException e) {
      throw FactoryException.invalid(String.valueOf(e.getMessage()));
    }
    composing.check(schematic);
    schematics.add(schematic);
    return schematic;
  }

  /**
   * The schematic of that id.
   *
   * @throws FactoryException when nobody posted it here, or that is longer ago than is kept
   */
  public Schematic schematic(String id) {
    return schematics
        .find(id)
        .orElseThrow(() -> FactoryException.unknown("schematic not found: post it first"));
  }

  /** A file of an image, and how it stands with what it is part of. */
  public record Found(ImageFile file, OrderStatus status) {}

  /**
   * Looks for a file, and has it made where it is not there.
   *
   * @param version with or without {@code v}
   * @throws FactoryException when it can never be there
   */
  public Found image(String schematic, String version, String name) {
    return found(schematic, version, ImageFile.parse(name));
  }

  /** As {@link #image}, what the script for {@code <platform>-<arch>} is made of. */
  public Found script(String schematic, String version, String name) {
    return found(schematic, version, ImageFile.script(name));
  }

  private Found found(String id, String version, ImageFile file) {
    Schematic schematic = schematic(id);
    String of = version(version);
    Order order =
        file.output() == Output.INSTALLER
            ? Installers.order(id, file.platform(), of) // the very image that is pulled
            : new Order(id, of, List.of(file.arch()), file.platform(), file.output());
    Channel channel = composing.channel(schematic, order);
    use(id);
    boolean same = file.asset() == AssetName.VMLINUZ || file.asset() == AssetName.INITRAMFS;
    return new Found(file, same ? orders.askAny(order, channel) : orders.ask(order, channel));
  }

  /** Something of a schematic was asked for. */
  void use(String id) {
    schematics.use(id);
  }

  /**
   * A version as it is tagged. One that something was made of is known whatever the base says: that
   * is still served.
   *
   * @throws FactoryException when there is none such, or none is known yet
   */
  public String version(String text) {
    TalosVersion version =
        TalosVersion.parse(text)
            .orElseThrow(() -> FactoryException.invalid("no Talos version: v1.13.9 is one"));
    String tag = version.toString();
    if (!book.has(tag) && !versions().contains(tag)) {
      throw FactoryException.unknown("no Talos version " + tag + " is known here");
    }
    return tag;
  }

  /**
   * All versions, the oldest first.
   *
   * @throws FactoryException while none were ever found
   */
  public List<String> versions() {
    return versions
        .known()
        .orElseThrow(() -> FactoryException.later("the base was not asked for its versions yet"));
  }

  /**
   * What there is officially for a version: JSON, once it was read, which may take seconds; empty
   * when it takes longer than is waited for.
   *
   * @throws FactoryException when there is no such version, or it cannot be read
   */
  public Optional<String> official(Listing.Kind kind, String version) {
    return catalogs.of(kind, version(version));
  }

  /** Releases that no sweep may delete. */
  public Set<Digest> needed() {
    return book.releases();
  }

  @Override
  public void close() {
    versions.close();
    catalogs.close();
    orders.close();
  }
}
