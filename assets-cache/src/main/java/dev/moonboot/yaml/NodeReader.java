package dev.moonboot.yaml;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Reads the part of YAML that all its parsers and versions (1.1 and 1.2) agree on. What they read
 * differently is refused: anchors, tags, directives, scalars folded over lines, tabs, characters
 * that only some take for line breaks, unquoted punctuation between brackets.
 */
final class NodeReader {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NODES = 20_000;
  private static final Pattern SAFE_IN_FLOW = Pattern.compile("[A-Za-z0-9._/+=-]*");

  private final Iterator<Event> events;
  private int nodes;
  private int flow;

  private NodeReader(Iterator<Event> events) {
    this.events = events;
  }

  /**
   * The one document of {@code text}; null when there is none.
   *
   * @throws YamlException when it is not of that part
   */
  static @Nullable YamlNode read(String text, LoadSettings settings) {
    String lines = text.replace("\r\n", "\n");
    characters(lines);
    var reader = new NodeReader(new Parse(settings).parseString(lines).iterator());
    reader.events.next(); // the stream's start
    Event first = reader.events.next();
    if (!(first instanceof DocumentStartEvent document)) {
      return null;
    }
    if (document.getSpecVersion().isPresent()) {
      throw refused("a directive (%YAML)", document);
    }
    YamlNode root = reader.node(reader.events.next(), 0);
    reader.events.next(); // the document's end
    Event after = reader.events.next();
    if (after instanceof DocumentStartEvent) {
      throw refused("a second document", after);
    }
    return root;
  }

  private static void characters(String text) {
    if (text.contains("\\/")) {
      throw new YamlException("\\/, which not all YAML readers know; write / alone");
    }
    int line = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      line += c == '\n' ? 1 : 0;
      boolean control = c != '\n' && (c < ' ' || (c >= 0x7f && c < 0xa0));
      boolean doubtful = c == 0x2028 || c == 0x2029 || c == 0xfeff || c >= 0xfffe;
      if (control || doubtful || Character.isSurrogate(c)) {
        throw new YamlException(
            "the character U+%04X in line %d, which not all YAML readers take alike"
                .formatted((int) c, line));
      }
    }
  }

  private YamlNode node(Event event, int depth) {
    if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
      throw refused("more than is read at all (nested too deep, or too long)", event);
    }
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw refused("an anchor or alias", event);
    }
    return switch (event) {
      case ScalarEvent scalar -> scalar(scalar);
      case SequenceStartEvent start -> sequence(start, depth);
      case MappingStartEvent start -> mapping(start, depth);
      default -> throw refused("something that is no value", event);
    };
  }

  private YamlNode.Scalar scalar(ScalarEvent scalar) {
    if (scalar.getTag().isPresent()) {
      throw refused("a tag (" + scalar.getTag().get() + ")", scalar);
    }
    ScalarStyle style = scalar.getScalarStyle();
    if (style == ScalarStyle.FOLDED) {
      throw refused("folded text (>); write it as a literal block (|)", scalar);
    }
    if (style != ScalarStyle.LITERAL && line(scalar.getStartMark()) != line(scalar.getEndMark())) {
      throw refused("text that goes on in the next line; write it as a literal block (|)", scalar);
    }
    boolean plain = style == ScalarStyle.PLAIN;
    if (plain && flow > 0 && !SAFE_IN_FLOW.matcher(scalar.getValue()).matches()) {
      throw refused("unquoted text with punctuation between brackets; quote it", scalar);
    }
    return new YamlNode.Scalar(scalar.getValue(), plain, line(scalar.getStartMark()));
  }

  private YamlNode.Sequence sequence(SequenceStartEvent start, int depth) {
    enter(start);
    List<YamlNode> items = new ArrayList<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.SequenceEnd;
        next = events.next()) {
      items.add(node(next, depth + 1));
    }
    leave(start);
    return new YamlNode.Sequence(items, line(start.getStartMark()));
  }

  private YamlNode.Mapping mapping(MappingStartEvent start, int depth) {
    enter(start);
    Map<String, YamlNode> members = new LinkedHashMap<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.MappingEnd;
        next = events.next()) {
      if (!(node(next, depth + 1) instanceof YamlNode.Scalar(var key, var _, var _))) {
        throw refused("a key that is no text", next);
      }
      if (members.containsKey(key)) {
        throw refused("the key \"" + key + "\" a second time", next);
      }
      members.put(key, node(events.next(), depth + 1));
    }
    leave(start);
    return new YamlNode.Mapping(members, line(start.getStartMark()));
  }

  private void enter(CollectionStartEvent start) {
    if (start.getTag().isPresent()) {
      throw refused("a tag (" + start.getTag().get() + ")", start);
    }
    flow += start.isFlow() ? 1 : 0;
  }

  private void leave(CollectionStartEvent start) {
    flow -= start.isFlow() ? 1 : 0;
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(Mark::getLine).orElse(-1) + 1;
  }

  private static YamlException refused(String what, Event at) {
    return new YamlException(what + " in line " + line(requireNonNull(at).getStartMark()));
  }
}
