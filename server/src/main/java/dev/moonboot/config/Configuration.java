package dev.moonboot.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that was read and found good.
 *
 * @param value what the features made of it
 * @param settings every value in force, in the order it was read, secrets masked
 */
public record Configuration<T>(T value, List<Setting> settings) {
  public Configuration {
    settings = List.copyOf(settings);
  }

  /**
   * Reads the YAML file, with {@code MOONBOOT_*} variables over it and nothing else.
   *
   * @param file null to read variables alone
   * @param environment the environment variables
   * @param read makes the value; called twice, first without any values to learn the keys
   * @throws ConfigException with every problem that was found
   */
  public static <T> Configuration<T> load(
      @Nullable Path file, Map<String, String> environment, Function<ConfigReader, T> read) {
    return load(file, environment, Overlay.NONE, read);
  }

  /**
   * As {@link #load(Path, Map, Function)}, with more values beside the file.
   *
   * @throws ConfigException with every problem that was found
   */
  public static <T> Configuration<T> load(
      @Nullable Path file,
      Map<String, String> environment,
      Overlay overlay,
      Function<ConfigReader, T> read) {
    var problems = new ConfigProblems();
    ConfigFile.Contents inFile =
        file == null ? ConfigFile.Contents.NONE : ConfigFile.read(file, environment, problems);
    Map<String, ConfigFile.Entry> inEnvironment =
        Environment.read(
            environment,
            keys(read).stream().filter(ConfigKey::hasVariable).toList(),
            inFile.places().keySet(),
            problems);
    Path source = file == null ? Path.of("") : file;
    var reading =
        new Reading(
            tree(overlay.under(inFile), overlay.over(inEnvironment)), source, problems, false);
    T value = read.apply(new ConfigReader(reading, "", ""));
    reading.checkUnknown();
    problems.check();
    return new Configuration<>(value, reading.settings());
  }

  private static ConfigTree tree(
      ConfigFile.Contents file, Map<String, ConfigFile.Entry> environment) {
    Set<String> replaced =
        environment.keySet().stream()
            .map(key -> key.replaceFirst("\\.\\d+$", "")) // an item replaces the whole list
            .collect(Collectors.toSet());
    return new ConfigTree(file.without(replaced), environment);
  }

  /** Every key that {@code read} asks for, in order. */
  public static List<ConfigKey> keys(Function<ConfigReader, ?> read) {
    var nothing = new ConfigTree(ConfigFile.Contents.NONE, Map.of());
    var reading = new Reading(nothing, Path.of(""), new ConfigProblems(), true);
    var _ = read.apply(new ConfigReader(reading, "", "")); // only what it asked for matters
    return reading.keys();
  }
}
