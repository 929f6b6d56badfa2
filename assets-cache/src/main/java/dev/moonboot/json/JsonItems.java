package dev.moonboot.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.function.Predicate;

/** Reads a large object from strangers, of which no more than one piece is in memory. */
public final class JsonItems {
  /** Values, names and brackets of one piece. */
  private static final int MOST_TOKENS = 20_000;

  private static final int MOST_CHARACTERS = 1 << 20;

  /** Names of an object are not collected: they may be as many as there is text. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonText.MAX_DEPTH)
                  .maxNameLength(4096)
                  .maxStringLength(MOST_CHARACTERS)
                  .build())
          .build();

  private JsonItems() {}

  /** What is told of the object. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * One piece of it.
     *
     * @param member of the object
     * @param value an item of it when it is an array, otherwise all of it
     */
    void visit(String member, Json value) throws IOException;
  }

  /**
   * Reads an object that fills the whole text, and tells of its members in their order; a member
   * that is named twice is told of twice.
   *
   * @param text in UTF-8; is not closed
   * @param wanted the members that are told of
   * @throws JsonException when it is anything else, or a piece is not small: more than 20,000
   *     values, names and brackets, or a string of more than 1 Mi characters
   * @throws IOException when it cannot be read, or the visitor says so
   */
  public static void read(InputStream text, Predicate<String> wanted, Visitor visitor)
      throws IOException {
    try (JsonParser parser = FACTORY.createParser(new InputStreamReader(text, UTF_8));
        Counted in = new Counted(parser)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonException("an object was expected");
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        if (wanted.test(name)) {
          member(in, name, visitor);
        } else {
          in.skipChildren();
        }
        in.anew();
      }
      if (in.nextToken() != null) {
        throw new JsonException("text after the object");
      }
    } catch (JsonProcessingException e) {
      throw new JsonException(e.getOriginalMessage());
    }
  }

  private static void member(Counted in, String name, Visitor visitor) throws IOException {
    JsonToken token = in.currentToken();
    if (token != JsonToken.START_ARRAY) {
      visitor.visit(name, JsonText.value(in, token));
      return;
    }
    for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
      visitor.visit(name, JsonText.value(in, next));
      in.anew();
    }
  }

  /** Passes so many tokens on, until it begins to count anew. */
  private static final class Counted extends JsonParserDelegate {
    private int tokens;

    Counted(JsonParser parser) {
      super(parser);
    }

    void anew() {
      tokens = 0;
    }

    @Override
    public JsonToken nextToken() throws IOException {
      if (++tokens > MOST_TOKENS) {
        throw new JsonException("a value with more than " + MOST_TOKENS + " parts");
      }
      return super.nextToken();
    }
  }
}
