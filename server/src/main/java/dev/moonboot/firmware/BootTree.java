package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.FirstFile;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Releases;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The files that firmware, iPXE and U-Boot ask for before they know what to boot.
 *
 * <p>Below {@code boot/<mac-with-dashes>/} stand a node's boot programs, its script, its unified
 * kernel image, its menu and the files that this names, because loaders put their own folder before
 * every name. Script and menu are found below any other folder, too, for who asks there: it is told
 * by its address. A file of the folder of loaders that has such a name wins there.
 */
public final class BootTree implements NodeTree {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String MENUS = "pxelinux.cfg";
  private static final String ASSETS = "assets";

  /**
   * Whom the tree asks.
   *
   * @param catalog for what profiles allow
   * @param urls under which nodes reach us
   */
  public record Subjects(
      KnownNodes nodes,
      Loaders loaders,
      Plans plans,
      Supplier<Catalog> catalog,
      Releases releases,
      ReleasePaths paths,
      BaseUrls urls,
      BootNotes notes) {}

  private final KnownNodes nodes;
  private final Loaders loaders;
  private final ReleasePaths paths;
  private final BaseUrls urls;
  private final NodeUkis ukis;
  private final Menus menus;

  public BootTree(Subjects subjects) {
    this.nodes = subjects.nodes();
    this.loaders = subjects.loaders();
    this.paths = subjects.paths();
    this.urls = subjects.urls();
    this.ukis =
        new NodeUkis(
            subjects.plans(),
            subjects.nodes(),
            new UkiGuard(subjects.catalog(), subjects.releases()),
            subjects.notes(),
            System::nanoTime);
    this.menus = new Menus(subjects);
  }

  /** The node is told what to load first, and begins anew. */
  public void begins(NodeLabels labels, FirstFile first) {
    if (first == FirstFile.UKI) {
      labels.mac().flatMap(MacAddress::parse).ifPresent(ukis::forget);
    }
  }

  @Override
  public Optional<NodeFile> find(String path, Asker who) {
    List<String> parts = List.of(path.split("/", -1));
    boolean ours = parts.size() > 1 && isName(parts.getFirst(), "boot");
    Optional<MacAddress> mac = ours ? MacAddress.parse(parts.get(1)) : Optional.empty();
    if (mac.isPresent() && parts.size() > 2) {
      return Optional.of(ofNode(mac.get(), parts.subList(2, parts.size()), who));
    }
    if (ours) {
      return anywhere(parts, who).or(() -> loaders.find(join(parts.subList(1, parts.size()))));
    }
    noteArch(parts.getLast(), who);
    return loaders.exact(path).or(() -> anywhere(parts, who));
  }

  private static boolean isName(String part, String name) {
    return part.equalsIgnoreCase(name); // some ROMs know upper case only
  }

  private static String join(List<String> parts) {
    return String.join("/", parts);
  }

  /** What a file that only one architecture asks for tells of its node. */
  private void noteArch(String name, Asker who) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".c32") || lower.endsWith("pxelinux.0")) {
      nodes.at(who.client()).ifPresent(mac -> nodes.note(mac, who.client(), Arch.AMD64));
    }
  }

  private NodeFile ofNode(MacAddress mac, List<String> parts, Asker who) {
    String name = parts.getLast();
    Optional<Platform> program = parts.size() == 1 ? Platform.ofProgram(name) : Optional.empty();
    Optional<Arch> uki = parts.size() == 1 ? UkiNames.arch(name) : Optional.empty();
    nodes.note(mac, who.client(), program.map(Platform::arch).or(() -> uki).orElse(null));
    if (program.isPresent()) {
      return loaders.program(program.get());
    }
    if (uki.isPresent()) {
      return ukis.find(mac, uki.get(), who);
    }
    return named(parts, Optional.of(mac), who)
        .or(() -> asset(parts, who))
        .or(() -> loaders.find(join(parts)))
        .orElseGet(() -> new NodeFile.Absent(why(parts)));
  }

  private static String why(List<String> parts) {
    if (isName(parts.getLast(), "boot.scr.uimg")) {
      return "no script for U-Boot: it goes on with EFI or pxelinux.cfg";
    }
    return parts.stream().anyMatch(part -> isName(part, "dtb"))
        ? "no device tree: the firmware's own counts"
        : "file not found";
  }

  /** Names that mean something below every folder. */
  private Optional<NodeFile> anywhere(List<String> parts, Asker who) {
    Optional<Arch> uki = parts.size() == 1 ? UkiNames.arch(parts.getFirst()) : Optional.empty();
    if (uki.isPresent()) {
      return Optional.of(
          nodes
              .at(who.client())
              .map(mac -> ukis.find(mac, uki.get(), who))
              .orElseGet(() ->
                  new NodeFile.Absent(
                      "which node is this? ask for boot/<mac>/" + parts.getFirst())));
    }
    return named(parts, Optional.empty(), who)
        .or(() -> isName(parts.getFirst(), ASSETS) ? Optional.empty() : asset(parts, who));
  }

  private Optional<NodeFile> named(List<String> parts, Optional<MacAddress> mac, Asker who) {
    String name = parts.getLast();
    if (isName(name, AutoexecScript.NAME)) {
      return Optional.of(script(mac.or(() -> nodes.at(who.client())), who));
    }
    return parts.size() > 1 && isName(parts.get(parts.size() - 2), MENUS)
        ? Optional.of(menus.find(name, mac, who))
        : Optional.empty();
  }

  private NodeFile script(Optional<MacAddress> mac, Asker who) {
    String base =
        who.base().isEmpty() || !urls.advertised().isEmpty() ? urls.at(who.here()) : who.base();
    return new NodeFile.Text(AutoexecScript.of(base, mac.orElse(null)), TEXT);
  }

  /** A file of a release, below whatever folder a loader put before its path. */
  private Optional<NodeFile> asset(List<String> parts, Asker who) {
    int at = 0;
    while (at < parts.size() && !isName(parts.get(at), ASSETS)) {
      at++;
    }
    if (at + 1 >= parts.size()) {
      return Optional.empty();
    }
    String path = join(parts.subList(at + 1, parts.size()));
    Optional<NodeFile> exact = present(path, who);
    return exact.filter(file -> !(file instanceof NodeFile.Absent)).isPresent()
        ? exact
        : present(path.toLowerCase(Locale.ROOT), who).or(() -> exact);
  }

  private Optional<NodeFile> present(String path, Asker who) {
    return switch (paths.lookup(path, who.client())) {
      case AssetLookup.Found found ->
          Optional.of(new NodeFile.OfRelease(found.asset(), found.release()));
      case AssetLookup.Checksum sum -> Optional.of(new NodeFile.Text(sum.text(), TEXT));
      case AssetLookup.NotReady(var channel) -> Optional.of(new NodeFile.NotReady(channel));
      case AssetLookup.Missing(var _, var why) -> Optional.of(new NodeFile.Absent(why));
      case AssetLookup.NotOurs _ -> Optional.empty();
    };
  }
}
