package dev.moonboot.provision;

import dev.moonboot.ignition.Ignition;
import dev.moonboot.ignition.Normalized;
import dev.moonboot.ignition.Translation;
import dev.moonboot.ignition.Translator;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Choice;
import dev.moonboot.profile.ConfigFile;
import dev.moonboot.profile.ConfigKind;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import dev.moonboot.profile.TemplateData;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.template.Bounds;
import dev.moonboot.template.Template;
import dev.moonboot.template.TemplateException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers a node that asks for its configuration: its labels select a group and a profile, the
 * profile names a file, and what the file makes of the group and the labels is the answer. Reads
 * memory only, but for Butane, which a program translates.
 */
public final class Provisioner {
  private static final String JSON = "application/json";

  /** What matchbox sends; the two words are the wrong way round there, too. */
  private static final String METADATA = "plain/text";

  private final Supplier<Catalog> catalog;
  private final UnknownNodes unknownNodes;
  private final Translator butane;
  private final MatchboxWays ways;
  private final RawConfigs raw = new RawConfigs();

  /**
   * @param unknownNodes what nodes are given that nobody wrote down
   * @param butane makes Ignition of what is no raw Ignition
   */
  public Provisioner(
      Supplier<Catalog> catalog, UnknownNodes unknownNodes, Translator butane, MatchboxWays ways) {
    this.catalog = catalog;
    this.unknownNodes = unknownNodes;
    this.butane = butane;
    this.ways = ways;
  }

  /** The metadata of the node's group and its own labels, one {@code NAME=value} a line. */
  public Answer metadata(NodeLabels labels) {
    return switch (unknownNodes.choose(catalog.get(), labels)) {
      case Choice.Given(var group, var _) -> metadata(group, labels);
      case Choice.GroupOnly(var group, var _) -> metadata(group, labels);
      case Choice.Nothing(var why) -> new Answer.None(why, "");
    };
  }

  private static Answer metadata(Group group, NodeLabels labels) {
    return new Answer.Text(
        MetadataText.of(TemplateData.of(group, labels)),
        METADATA,
        new Answer.Source(group.file(), ""));
  }

  /** The generic template of the node's profile, filled in. */
  public Answer generic(NodeLabels labels) {
    return config(ConfigKind.GENERIC, labels);
  }

  /** The cloud-config of the node's profile, filled in. */
  public Answer cloud(NodeLabels labels) {
    return config(ConfigKind.CLOUD, labels);
  }

  /** The Ignition config of the node's profile, of spec 3.4.0. */
  public Answer ignition(NodeLabels labels) {
    return config(ConfigKind.IGNITION, labels);
  }

  private Answer config(ConfigKind kind, NodeLabels labels) {
    Catalog now = catalog.get();
    return switch (unknownNodes.choose(now, labels)) {
      case Choice.Given(var group, var profile) -> {
        String name = kind.of(profile);
        Optional<ConfigFile> file = name.isEmpty() ? Optional.empty() : now.config(kind, name);
        yield file.map(found -> new Filling(found, group, profile, labels))
            .map(this::fill)
            .orElseGet(() -> new Answer.None(missing(kind, profile), ""));
      }
      case Choice.GroupOnly(var _, var why) -> new Answer.None(why, "");
      case Choice.Nothing(var why) -> new Answer.None(why, "");
    };
  }

  private static String missing(ConfigKind kind, Profile profile) {
    String name = kind.of(profile);
    return name.isEmpty()
        ? "profile %s names no file for /%s (%s_id)"
            .formatted(profile.file(), kind.folder(), kind.folder())
        : "profile %s names %s/%s, which is missing or cannot be used"
            .formatted(profile.file(), kind.folder(), name);
  }

  /** What is made of a file for one node. */
  private record Filling(ConfigFile file, Group group, Profile profile, NodeLabels labels) {
    String name() {
      return file.kind().folder() + "/" + file.name();
    }

    Answer text(String text, String type) {
      return new Answer.Text(text, type, new Answer.Source(group.file(), profile.file()));
    }

    Answer none(String why, String detail) {
      return new Answer.None("%s of profile %s %s".formatted(name(), profile.file(), why), detail);
    }
  }

  /**
   * Matchbox lets names climb from one folder of config files into another. Anything else in the
   * data directory, static files and machine configs among them, is none.
   */
  private static boolean isConfig(ConfigFile file) {
    return !file.name().startsWith("../")
        || Arrays.stream(ConfigKind.values())
            .anyMatch(kind -> file.name().startsWith("../" + kind.folder() + "/"));
  }

  private Answer fill(Filling filling) {
    if (!isConfig(filling.file())) {
      return filling.none("is none of the config files", "");
    }
    Template template = filling.file().template();
    if (template == null) {
      return ignition(filling, raw.of(filling.file()), ways.blankIgnition());
    }
    String text;
    try {
      text = template.render(TemplateData.of(filling.group(), filling.labels()), bounds(filling));
    } catch (TemplateException e) {
      return filling.none("cannot be rendered for this node", String.valueOf(e.getMessage()));
    }
    return switch (filling.file().kind()) {
      case GENERIC -> filling.text(text, "");
      case CLOUD ->
          CloudConfig.fault(text)
              .map(why -> filling.none("is no cloud-config", why))
              .orElseGet(() -> filling.text(text, ""));
      case IGNITION ->
          switch (butane.translate(text)) {
            case Translation.Made(var normalized) -> ignition(filling, normalized, false);
            case Translation.NotNow(var why) ->
                new Answer.NotNow(
                    "%s of profile %s: %s"
                        .formatted(filling.name(), filling.profile().file(), why));
          };
    };
  }

  /** A file may fill what it takes itself, however it is spelt, and the usual on top. */
  private static Bounds bounds(Filling filling) {
    int mostBytes = 3 * filling.file().text().length(); // of UTF-8; files have 4 MiB at most
    return new Bounds(Bounds.DEFAULT.output() + mostBytes, Bounds.DEFAULT.time());
  }

  private static Answer ignition(Filling filling, Normalized normalized, boolean blank) {
    return switch (normalized) {
      case Normalized.Config(var json) -> filling.text(json, JSON);
      case Normalized.Unusable(var why) ->
          blank
              ? filling.text(Ignition.BLANK, JSON)
              : filling.none("cannot be used as Ignition", why);
    };
  }
}
