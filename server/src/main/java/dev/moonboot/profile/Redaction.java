package dev.moonboot.profile;

import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Metadata without its secrets, for whoever may look at groups. A secret is known by its key: one
 * of the words in it ends in {@code token}, {@code secret}, {@code password}, {@code key} and so
 * on. Rather one value too many is hidden than one too few.
 */
public final class Redaction {
  /** What stands for a secret. */
  public static final String HIDDEN = "***";

  private static final Pattern SECRET =
      Pattern.compile(".*(token|secret|password|passwd|passphrase|pwd|credential|key|secretbox)s?");

  /** Words that say a key may be known: {@code ssh_authorized_keys}, {@code publicKey}. */
  private static final Set<String> HARMLESS = Set.of("public", "pub", "authorized");

  /** Between words: punctuation, or a capital letter after a small one. */
  private static final Pattern SEAM = Pattern.compile("[^\\p{Alnum}]+|(?<=[a-z0-9])(?=[A-Z])");

  private Redaction() {}

  /** A group or profile with {@value #HIDDEN} for every secret in its metadata. */
  public static Json.Obj of(Json.Obj content) {
    Map<String, Json> members = new LinkedHashMap<>(content.members());
    members.computeIfPresent("metadata", (_, metadata) -> hide(metadata));
    return new Json.Obj(members);
  }

  private static Json hide(Json value) {
    return switch (value) {
      case Json.Obj(var members) -> {
        Map<String, Json> shown = new LinkedHashMap<>();
        members.forEach(
            (key, inner) -> shown.put(key, isSecret(key) ? new Json.Str(HIDDEN) : hide(inner)));
        yield new Json.Obj(shown);
      }
      case Json.Arr(var items) -> new Json.Arr(items.stream().map(Redaction::hide).toList());
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> value;
    };
  }

  private static boolean isSecret(String key) {
    List<String> words =
        SEAM.splitAsStream(key).map(word -> word.toLowerCase(Locale.ROOT)).toList();
    return words.stream().anyMatch(word -> SECRET.matcher(word).matches())
        && words.stream().noneMatch(HARMLESS::contains);
  }

  /** What would write {@value #HIDDEN} over a secret: what was shown, given back. */
  static List<FieldProblem> problems(Json.Obj content) {
    List<FieldProblem> problems = new ArrayList<>();
    content.object("metadata").ifPresent(metadata -> find("/metadata", metadata, false, problems));
    return problems;
  }

  private static void find(
      String pointer, Json value, boolean secret, List<FieldProblem> problems) {
    switch (value) {
      case Json.Obj(var members) ->
          members.forEach((key, inner) ->
              find(FieldProblem.below(pointer, key), inner, secret || isSecret(key), problems));
      case Json.Arr(var items) -> {
        for (int i = 0; i < items.size(); i++) {
          find(pointer + "/" + i, items.get(i), secret, problems);
        }
      }
      case Json.Str(var text) -> {
        if (secret && text.equals(HIDDEN)) {
          problems.add(
              new FieldProblem(
                  pointer,
                  "is "
                      + HIDDEN
                      + ", which is shown in place of a secret: give the secret itself,"
                      + " or edit the file in the data directory"));
        }
      }
      case Json.Num _, Json.Bool _, Json.Null _ -> {}
    }
  }
}
