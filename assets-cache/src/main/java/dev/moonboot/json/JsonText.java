package dev.moonboot.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes JSON text. Depth is at most {@value #MAX_DEPTH}. */
public final class JsonText {
  /** How deep arrays and objects may nest. */
  public static final int MAX_DEPTH = 64;

  private static final JsonFactory STRICT = factory(true, Long.MAX_VALUE);
  private static final JsonFactory LAST_WINS = factory(false, Long.MAX_VALUE);

  private JsonText() {}

  private static JsonFactory factory(boolean noDuplicates, long maxTokens) {
    return JsonFactory.builder()
        .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, noDuplicates)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxNameLength(4096)
                .maxTokenCount(maxTokens)
                .build())
        .build();
  }

  /**
   * Reads one value that fills the whole text; an object that names a member twice is refused.
   *
   * @throws JsonException when it is anything else
   */
  public static Json parse(String text) {
    return parse(STRICT, text);
  }

  /**
   * As {@link #parse(String)}, for text from strangers: refused as soon as it has more than {@code
   * maxTokens} values, names and brackets, so that little text cannot take much memory.
   *
   * @throws JsonException when it is not one JSON value, or too long a one
   */
  public static Json parse(String text, long maxTokens) {
    return parse(factory(true, maxTokens), text);
  }

  /**
   * As {@link #parse(String)}, but of members with the same name the last one counts, as Go's
   * encoding/json has it.
   *
   * @throws JsonException when the text is not one JSON value
   */
  public static Json parseLastWins(String text) {
    return parse(LAST_WINS, text);
  }

  /**
   * As {@link #parseLastWins(String)}, with at most {@code maxTokens} values, names and brackets.
   *
   * @throws JsonException when the text is not one JSON value, or too long a one
   */
  public static Json parseLastWins(String text, long maxTokens) {
    return parse(factory(false, maxTokens), text);
  }

  private static Json parse(JsonFactory factory, String text) {
    try (JsonParser in = factory.createParser(text)) {
      JsonToken first = in.nextToken();
      if (first == null) {
        throw new JsonException("empty: a JSON value was expected");
      }
      Json value = value(in, first);
      if (in.nextToken() != null) {
        throw new JsonException("text after the JSON value, " + where(in));
      }
      return value;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new JsonException(
          e.getOriginalMessage(), e.getLocation() == null ? "" : where(e.getLocation()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String where(JsonParser in) {
    return where(in.currentLocation());
  }

  private static String where(JsonLocation at) {
    return "line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
  }

  static Json value(JsonParser in, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(in);
      case START_ARRAY -> array(in);
      case VALUE_STRING -> new Json.Str(in.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(in.getText());
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> new Json.Null();
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new JsonException("unexpected " + token + ", " + where(in));
    };
  }

  private static Json object(JsonParser in) throws IOException {
    Map<String, Json> members = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      Json value = value(in, in.nextToken());
      members.remove(name); // so that a repeated name stands where its last value was
      members.put(name, value);
    }
    return new Json.Obj(members);
  }

  private static Json array(JsonParser in) throws IOException {
    List<Json> items = new ArrayList<>();
    for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
      items.add(value(in, next));
    }
    return new Json.Arr(items);
  }

  static String write(Json value, boolean pretty) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = STRICT.createGenerator(text)) {
      if (pretty) {
        var indent = new DefaultIndenter("  ", "\n");
        out.setPrettyPrinter(
            new DefaultPrettyPrinter(
                    Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(indent)
                .withArrayIndenter(indent));
      }
      write(value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(Json value, JsonGenerator out) throws IOException {
    switch (value) {
      case Json.Obj(var members) -> {
        out.writeStartObject();
        for (var member : members.entrySet()) {
          out.writeFieldName(member.getKey());
          write(member.getValue(), out);
        }
        out.writeEndObject();
      }
      case Json.Arr(var items) -> {
        out.writeStartArray();
        for (Json item : items) {
          write(item, out);
        }
        out.writeEndArray();
      }
      case Json.Str(var text) -> out.writeString(text);
      case Json.Num(var text) -> out.writeNumber(text);
      case Json.Bool(var flag) -> out.writeBoolean(flag);
      case Json.Null() -> out.writeNull();
    }
  }
}
