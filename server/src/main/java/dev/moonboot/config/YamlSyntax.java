package dev.moonboot.config;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Tells whether a text is YAML. Nothing is built of it, so an alias costs the same whatever stands
 * behind it.
 */
public final class YamlSyntax {
  private static final int MAX_CHARACTERS = 8 << 20;
  private static final int MAX_DEPTH = 200;

  private YamlSyntax() {}

  /**
   * What is wrong with the first document in {@code text}, and in which line; empty when nothing
   * is. What stands in the text is not repeated.
   */
  public static Optional<String> fault(String text) {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(MAX_CHARACTERS).setParseComments(false).build();
    try {
      return document(new Parse(settings).parseString(text));
    } catch (MarkedYamlEngineException e) {
      return Optional.of("not YAML" + e.getProblemMark().map(YamlSyntax::at).orElse(""));
    } catch (YamlEngineException e) {
      return Optional.of("not usable as YAML");
    }
  }

  private static Optional<String> document(Iterable<Event> events) {
    Set<String> anchors = new HashSet<>();
    int depth = 0;
    for (Event event : events) {
      depth +=
          switch (event.getEventId()) {
            case MappingStart, SequenceStart -> 1;
            case MappingEnd, SequenceEnd -> -1;
            default -> 0;
          };
      if (depth > MAX_DEPTH) {
        return Optional.of("YAML nested deeper than " + MAX_DEPTH + place(event));
      }
      if (event instanceof AliasEvent alias) {
        if (!anchors.contains(alias.getAlias().getValue())) {
          return Optional.of("not YAML: an alias of what is not there" + place(event));
        }
      } else if (event instanceof NodeEvent node) {
        node.getAnchor().ifPresent(anchor -> anchors.add(anchor.getValue()));
      }
      if (event.getEventId() == Event.ID.DocumentEnd) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static String place(Event event) {
    return event.getStartMark().map(YamlSyntax::at).orElse("");
  }

  private static String at(Mark mark) {
    return " in line " + (mark.getLine() + 1);
  }
}
