package dev.moonboot.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values from environment variables: {@code http.address} is {@code MOONBOOT_HTTP_ADDRESS}. Others
 * than {@code MOONBOOT_*} are never looked at, so that {@code HTTP_PROXY} or {@code HTTP_ADDRESS}
 * of some other program cannot change anything here.
 */
final class Environment {
  static final String PREFIX = "MOONBOOT_";

  /** Read by the start script and by main, not part of the configuration. */
  private static final Set<String> RESERVED =
      Set.of(
          "MOONBOOT_ADMIN_CA",
          "MOONBOOT_ADMIN_TOKEN",
          "MOONBOOT_ADMIN_TOKEN_FILE",
          "MOONBOOT_CACHE_HOME",
          "MOONBOOT_DEBUG",
          "MOONBOOT_JAVA_HOME",
          "MOONBOOT_JVM_OPTIONS",
          "MOONBOOT_MAVEN");

  /** A key, and for {@code moonboot admin} the URL to call. */
  private static final String ADDRESS = "MOONBOOT_ADMIN_ADDRESS";

  private static final Pattern CHOSEN = Pattern.compile("<[a-z]+>");

  private Environment() {}

  static String variable(String key) {
    return PREFIX
        + ConfigTree.display(key).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9<>]+", "_");
  }

  /**
   * The entries that variables set.
   *
   * @param keys every key there is
   * @param inFile keys that the file sets: a variable that fits one of them means that one
   */
  static Map<String, ConfigFile.Entry> read(
      Map<String, String> environment,
      List<ConfigKey> keys,
      Set<String> inFile,
      ConfigProblems problems) {
    Map<String, ConfigFile.Entry> entries = new LinkedHashMap<>();
    new TreeMap<>(environment)
        .forEach((name, value) -> {
          boolean isOfClient = name.equals(ADDRESS) && value.contains("://");
          if (name.startsWith(PREFIX) && !RESERVED.contains(name) && !isOfClient) {
            add(name, value, keys, inFile, problems, entries);
          }
        });
    return entries;
  }

  private static void add(
      String name,
      String value,
      List<ConfigKey> keys,
      Set<String> inFile,
      ConfigProblems problems,
      Map<String, ConfigFile.Entry> entries) {
    for (ConfigKey key : keys) {
      Matcher match = pattern(key).matcher(name);
      if (match.matches()) {
        put(fullKey(key, match, name, inFile), key, value, "variable " + name, entries);
        return;
      }
    }
    problems.add(
        "variable " + name,
        "means no key"
            + Suggestion.among(name, keys.stream().map(ConfigKey::variable).toList())
            + "; only settings of moonboot may start with "
            + PREFIX);
  }

  /** Commas stand between the items of a list. */
  private static void put(
      String fullKey,
      ConfigKey key,
      String value,
      String origin,
      Map<String, ConfigFile.Entry> entries) {
    String[] items =
        key.kind().startsWith(ConfigReader.LIST) ? value.split(",", -1) : new String[] {value};
    if (items.length == 1) {
      entries.put(fullKey, new ConfigFile.Entry(value, origin));
      return;
    }
    for (int i = 0; i < items.length; i++) {
      entries.put(fullKey + "." + i, new ConfigFile.Entry(items[i].strip(), origin));
    }
  }

  private static Pattern pattern(ConfigKey key) {
    return Pattern.compile(
        CHOSEN.matcher(key.variable().replaceAll("<.*?>", "<x>")).replaceAll("([A-Z0-9_]+)"));
  }

  /** A name that the user chose is written as in the file, else in lower case with hyphens. */
  private static String fullKey(ConfigKey key, Matcher match, String variable, Set<String> inFile) {
    if (match.groupCount() == 0) {
      return key.key();
    }
    String chosen = match.group(1).toLowerCase(Locale.ROOT).replace('_', '-');
    String suffix = key.key().substring(key.key().indexOf('>') + 1);
    String prefix = key.key().substring(0, key.key().indexOf('<'));
    return inFile.stream()
        .filter(known -> known.startsWith(prefix))
        .map(known -> prefix + known.substring(prefix.length()).replaceFirst("\\..*", "") + suffix)
        .filter(known -> variable(known).equals(variable))
        .findFirst()
        .orElse(prefix + chosen + suffix);
  }
}
