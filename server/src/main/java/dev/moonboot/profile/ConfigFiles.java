package dev.moonboot.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The config files that profiles name, as last read. */
final class ConfigFiles {
  /** How large all may be together, in characters. */
  static final long MAX_TOGETHER = 64 << 20;

  private final Path root;
  private final FileVersions<ConfigKey, ConfigFile> files = new FileVersions<>(new Source());

  /** The profiles that name each, in order. */
  private final Map<ConfigKey, TreeSet<String>> users = new HashMap<>();

  private final Set<ConfigKey> missing = new HashSet<>();
  private long together;

  ConfigFiles(Path root) {
    this.root = root;
  }

  private final class Source implements FileVersions.Source<ConfigKey, ConfigFile> {
    @Override
    public Path file(ConfigKey key) {
      if (DataNames.config(key.kind(), key.name()).isEmpty()) {
        throw new InvalidPathException(key.name(), "no file");
      }
      return root.resolve(path(key));
    }

    @Override
    public @Nullable String refusal(ConfigKey key, long size, @Nullable ConfigFile last) {
      if (size > ConfigFile.MAX_SIZE) {
        return "larger than " + ConfigFile.MAX_SIZE + " bytes";
      }
      long others = together - (last == null ? 0 : last.text().length());
      return others + size > MAX_TOGETHER
          ? "not read: with it config files would be larger than "
              + MAX_TOGETHER
              + " bytes together"
          : null;
    }

    @Override
    public ConfigFile parse(ConfigKey key, byte[] content, @Nullable ConfigFile last) {
      String text = new String(content, UTF_8);
      return last != null && last.text().equals(text)
          ? last
          : ConfigFile.parse(key.kind(), key.name(), text);
    }
  }

  /** How often a file was looked at so far. */
  long looks() {
    return files.looks();
  }

  /** Whether a profile names it. */
  boolean isNamed(ConfigKey key) {
    return users.containsKey(key);
  }

  /** Where the files are, for whoever watches them. */
  Set<Path> folders() {
    Set<Path> folders = new HashSet<>();
    for (ConfigKey key : users.keySet()) {
      if (key.name().indexOf('/') >= 0 && DataNames.config(key.kind(), key.name()).isPresent()) {
        folders.add(Objects.requireNonNull(root.resolve(path(key)).getParent()));
      }
    }
    return folders;
  }

  /** Looks at all that is named now. */
  List<Catalog.Change<ConfigFile>> read() {
    return look(List.copyOf(users.keySet()));
  }

  /** Looks at these files again, and at no others. */
  List<Catalog.Change<ConfigFile>> look(Collection<ConfigKey> keys) {
    List<Catalog.Change<ConfigFile>> changes = new ArrayList<>();
    for (ConfigKey key : keys) {
      int from = changes.size();
      if (isNamed(key)) {
        files.look(List.of(key), changes);
      } else {
        files.forget(key, changes);
      }
      if (isNamed(key) && !files.keys().contains(key)) {
        missing.add(key);
      } else {
        missing.remove(key);
      }
      changes.subList(from, changes.size()).forEach(this::count); // the next one is told of it
    }
    return changes;
  }

  private void count(Catalog.Change<ConfigFile> change) {
    together += change.after() == null ? 0 : change.after().text().length();
    together -= change.before() == null ? 0 : change.before().text().length();
  }

  /** Takes note of what profiles name; gives the files that this may concern. */
  Set<ConfigKey> named(List<Catalog.Change<Profile>> changes) {
    Set<ConfigKey> touched = new HashSet<>();
    for (Catalog.Change<Profile> change : changes) {
      for (ConfigKind kind : ConfigKind.values()) {
        Profile before = change.before();
        if (before != null && !kind.of(before).isEmpty()) {
          ConfigKey key = ConfigKey.of(kind, before);
          touched.add(key);
          users.computeIfPresent(
              key, (_, names) -> names.remove(before.file()) && names.isEmpty() ? null : names);
        }
        Profile after = change.after();
        if (after != null && !kind.of(after).isEmpty()) {
          ConfigKey key = ConfigKey.of(kind, after);
          touched.add(key);
          users.computeIfAbsent(key, _ -> new TreeSet<>()).add(after.file());
        }
      }
    }
    return touched;
  }

  /** Adds what cannot be used. */
  void problems(Collection<FileProblem> all) {
    files.eachProblem(
        (key, why) -> all.add(new FileProblem(shown(key), why.why(), why.lastGoodInForce())));
    for (ConfigKey key : missing) {
      String user = Objects.requireNonNull(users.get(key)).first();
      String why = "profile " + user + " names it, and there is no such file";
      all.add(new FileProblem(shown(key), why, false));
    }
  }

  private static String shown(ConfigKey key) {
    return path(key).replaceAll("\\p{Cntrl}", "?");
  }

  private static String path(ConfigKey key) {
    return DataNames.path(key.kind().folder(), key.name());
  }
}
