package dev.moonboot.assets.build;

import dev.moonboot.assets.TalosVersion;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a lock file line by line, so that what is wrong is told with its line. Lines
 * may be left empty or be comments; all others are as {@link LockFile#text} writes them.
 */
final class LockText {
  private static final String WAY_OUT =
      "; take the file back from version control, or remove what is wrong and write it anew with"
          + " moonboot build lock";
  private static final Pattern MERGE = Pattern.compile("(<{7}|={7}|>{7}|\\|{7}).*");
  private static final Pattern FORMAT = Pattern.compile("format: (\\d{1,9})");

  /** Of a channel, or of a site. */
  static final String NAME = "[a-z0-9][a-z0-9._-]{0,62}";

  private static final Pattern BUILD = Pattern.compile("  ((?:" + NAME + "/)?" + NAME + "):");
  private static final Pattern FIELD = Pattern.compile("    (talos|kernel): (\".*\")");
  private static final String INPUTS = "    inputs:";
  private static final String INPUT = "      - ";

  private final String name;
  private final SortedMap<String, LockedBuild> builds = new TreeMap<>();
  private int number;
  private boolean hasFormat;
  private boolean hasBuilds;
  private @Nullable String build;
  private int buildLine;
  private boolean inInputs;
  private Map<String, String> fields = new HashMap<>();
  private List<LockedInput> inputs = new ArrayList<>();

  /**
   * @param name of the file, for messages
   */
  LockText(String name) {
    this.name = name;
  }

  SortedMap<String, LockedBuild> read(String text) {
    for (String line : text.split("\r?\n", -1)) {
      number++;
      if (!line.isBlank() && !line.strip().startsWith("#")) {
        take(line.stripTrailing());
      }
    }
    end();
    if (!hasBuilds) {
      throw wrong(number, "it ends before any build: it has been cut off");
    }
    return builds;
  }

  private void take(String line) {
    if (MERGE.matcher(line).matches()) {
      throw wrong(number, "a merge left both sides in it");
    } else if (!hasFormat) {
      format(line);
    } else if (!hasBuilds) {
      hasBuilds = line.equals("builds:") || line.equals("builds: {}");
      require(hasBuilds, "builds: is expected");
    } else if (line.startsWith(INPUT)) {
      require(inInputs, "an input stands below inputs: of a build");
      input(line.substring(INPUT.length()));
    } else if (line.equals(INPUTS)) {
      require(build != null && !inInputs, "inputs: stands once in a build");
      inInputs = true;
    } else {
      other(line);
    }
  }

  private void format(String line) {
    Matcher format = FORMAT.matcher(line);
    require(format.matches(), "format: 1 is expected before all else; is it a lock file?");
    require(
        Integer.parseInt(format.group(1)) == LockFile.FORMAT,
        "it is of format %s and this moonboot reads format %d; take the moonboot that wrote it"
            .formatted(format.group(1), LockFile.FORMAT));
    hasFormat = true;
  }

  private void other(String line) {
    Matcher named = BUILD.matcher(line);
    if (named.matches()) {
      end();
      require(!builds.containsKey(named.group(1)), "build " + named.group(1) + " is there twice");
      build = named.group(1);
      buildLine = number;
      return;
    }
    Matcher field = FIELD.matcher(line);
    require(
        field.matches() && build != null && !inInputs,
        "not understood: expected is a build, its talos:, kernel: or inputs:, indented as moonboot"
            + " writes it");
    require(
        json(field.group(2)) instanceof Json.Str(var text)
            && fields.put(field.group(1), text) == null,
        field.group(1) + " stands once in a build, with a text");
  }

  private void input(String text) {
    if (!(json(text) instanceof Json.Obj line)) {
      throw wrong(number, "an input is { } with its digest");
    }
    try {
      inputs.add(LockedInput.read(line));
    } catch (IllegalArgumentException e) {
      throw wrong(number, String.valueOf(e.getMessage()));
    }
  }

  private Json json(String text) {
    try {
      return JsonText.parse(text, 64);
    } catch (JsonException e) {
      throw wrong(number, "not understood; is a quote, a comma or a bracket missing?");
    }
  }

  /** The build that was read last is complete. */
  private void end() {
    String ended = build;
    if (ended == null) {
      return;
    }
    String version = fields.getOrDefault("talos", "");
    if (TalosVersion.parse(version).isEmpty()) {
      throw wrong(buildLine, "build " + ended + " does not say its talos: version");
    }
    try {
      builds.put(ended, new LockedBuild(version, fields.getOrDefault("kernel", ""), inputs));
    } catch (IllegalArgumentException e) {
      throw wrong(buildLine, "build " + ended + ": " + e.getMessage());
    }
    build = null;
    inInputs = false;
    fields = new HashMap<>();
    inputs = new ArrayList<>();
  }

  private void require(boolean holds, String why) {
    if (!holds) {
      throw wrong(number, why);
    }
  }

  private LockException wrong(int line, String why) {
    return new LockException("%s:%d: %s%s".formatted(name, line, why, WAY_OUT));
  }
}
