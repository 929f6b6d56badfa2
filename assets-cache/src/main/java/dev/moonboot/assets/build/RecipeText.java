package dev.moonboot.assets.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.ImageReferences;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Recipes as JSON: once to tell them apart, and once to make them again. */
public final class RecipeText {
  /**
   * Stands in every text. To be raised with every change of the bytes that are made of a recipe:
   * then the same inputs are another release.
   */
  public static final int FORMAT = 2;

  private RecipeText() {}

  /** The digest of the release that is made of the recipe: that of its {@link #canonical} text. */
  public static Digest digest(Recipe recipe) {
    return Digest.of(canonical(recipe).getBytes(UTF_8));
  }

  /**
   * All that decides which bytes are made, on one line: digests of inputs and not where they come
   * from, so that a mirror or another folder makes no other release.
   */
  public static String canonical(Recipe recipe) {
    return text(recipe, input -> new Json.Str(input.digest().toString())).compact();
  }

  /** The whole recipe, as {@link #read} reads it. */
  public static Json.Obj json(Recipe recipe) {
    return text(recipe, RecipeText::input);
  }

  private static Json.Obj text(Recipe recipe, Function<Input, Json> input) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("format", Json.Num.of(FORMAT));
    members.put("version", new Json.Str(recipe.version()));
    members.put("base", input.apply(recipe.base()));
    Input installerBase = recipe.installerBase();
    if (installerBase != null) {
      members.put("installerBase", input.apply(installerBase));
    }
    members.put("extensions", new Json.Arr(recipe.extensions().stream().map(input).toList()));
    members.put("replace", new Json.Bool(recipe.replace()));
    members.put("platform", new Json.Str(recipe.platform()));
    members.put("arguments", strings(recipe.arguments()));
    members.put("overlay", new Json.Str(recipe.overlay()));
    members.put("arches", strings(recipe.arches().stream().map(Arch::id).toList()));
    members.put("outputs", strings(sorted(recipe.outputs()).stream().map(Output::id).toList()));
    members.put("schematic", new Json.Str(recipe.schematic()));
    return new Json.Obj(members);
  }

  private static Set<Output> sorted(Set<Output> outputs) {
    Set<Output> sorted = EnumSet.noneOf(Output.class);
    sorted.addAll(outputs);
    return sorted;
  }

  private static Json strings(List<String> texts) {
    return new Json.Arr(texts.stream().<Json>map(Json.Str::new).toList());
  }

  /** One input, as {@link #readInput} reads it. */
  public static Json.Obj input(Input input) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", new Json.Str(input.name()));
    members.put("image", image(input.image()));
    members.put("digest", new Json.Str(input.digest().toString()));
    return new Json.Obj(members);
  }

  private static Json image(ImageReference image) {
    return switch (image.source()) {
      case SourceImage.Repository _, SourceImage.Layout _, SourceImage.Archive _ ->
          new Json.Str(image.toString());
      case SourceImage.Factory(var url, var schematic, var _) -> {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("factory", new Json.Str(url));
        members.put("schematic", new Json.Str(schematic));
        members.put("version", new Json.Str(String.valueOf(image.tag())));
        yield new Json.Obj(members);
      }
      case SourceImage.Composed _ ->
          throw new IllegalArgumentException(image + " is made of inputs and is none itself");
    };
  }

  /**
   * The recipe that {@link #json} wrote.
   *
   * @throws IllegalArgumentException when it is none, or one of another format; the message says
   *     why
   */
  public static Recipe read(String text) {
    try {
      if (JsonText.parse(text) instanceof Json.Obj json) {
        return read(json);
      }
      throw new IllegalArgumentException("a recipe is a JSON object");
    } catch (JsonException e) {
      throw new IllegalArgumentException("a recipe is a JSON object: " + e.getMessage(), e);
    }
  }

  /** As {@link #read(String)}. */
  public static Recipe read(Json.Obj json) {
    long format = json.integer("format").orElse(0L);
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          "a recipe of format %d, and this program makes only those of %d: resolve it anew"
              .formatted(format, FORMAT));
    }
    try {
      return new Recipe(
          want(json, "version"),
          readInput(json.object("base").orElseThrow()),
          installerBase(json),
          items(json, "extensions").map(item -> readInput((Json.Obj) item)).toList(),
          bool(json, "replace"),
          want(json, "platform"),
          texts(json, "arguments"),
          want(json, "overlay"),
          texts(json, "arches").stream().map(id -> Arch.parse(id).orElseThrow()).toList(),
          sorted(Set.copyOf(texts(json, "outputs").stream().map(RecipeText::output).toList())),
          want(json, "schematic"));
    } catch (NoSuchElementException | ClassCastException e) {
      throw new IllegalArgumentException("a recipe that lacks something: " + e.getMessage(), e);
    }
  }

  private static @Nullable Input installerBase(Json.Obj json) {
    return json.object("installerBase").map(RecipeText::readInput).orElse(null);
  }

  /**
   * The input that {@link #input} wrote.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Input readInput(Json.Obj json) {
    ImageReference image =
        json.object("image")
            .map(RecipeText::ofFactory)
            .orElseGet(() -> ImageReferences.parse(want(json, "image")));
    return new Input(want(json, "name"), image, Digest.parse(want(json, "digest")));
  }

  private static ImageReference ofFactory(Json.Obj json) {
    return new ImageReference(
        new SourceImage.Factory(want(json, "factory"), want(json, "schematic")),
        want(json, "version"),
        null);
  }

  private static Output output(String id) {
    return Arrays.stream(Output.values()).filter(o -> o.id().equals(id)).findFirst().orElseThrow();
  }

  private static Stream<Json> items(Json.Obj json, String name) {
    return json.array(name).orElseThrow(() -> new NoSuchElementException("no " + name)).stream();
  }

  private static List<String> texts(Json.Obj json, String name) {
    return items(json, name).map(item -> ((Json.Str) item).value()).toList();
  }

  private static boolean bool(Json.Obj json, String name) {
    return ((Json.Bool) json.member(name).orElseThrow()).value();
  }

  private static String want(Json.Obj json, String name) {
    return json.text(name).orElseThrow(() -> new NoSuchElementException("no " + name));
  }
}
