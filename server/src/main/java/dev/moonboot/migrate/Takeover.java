package dev.moonboot.migrate;

import dev.moonboot.assets.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A look at a matchbox's files, and what can be made of it. The files themselves are only read. */
public final class Takeover {
  private final Source source;
  private final List<Finding> findings;

  private Takeover(Source source, List<Finding> findings) {
    this.source = source;
    this.findings = findings;
  }

  /**
   * Looks.
   *
   * @param data matchbox's data directory
   * @param assets its folder of boot files; null for none
   * @throws MigrateException when something cannot be read
   */
  public static Takeover of(Path data, @Nullable Path assets) {
    Source source = Source.of(data, assets);
    List<Finding> findings = new ArrayList<>(source.findings());
    findings.addAll(DataReview.of(source));
    findings.sort(Comparator.comparing(Finding::verdict).thenComparing(Finding::file));
    return new Takeover(source, findings.stream().distinct().toList());
  }

  /** What is worth knowing, the most important first. */
  public List<Finding> findings() {
    return findings;
  }

  /** How many of them are of a kind. */
  public long count(Finding.Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }

  /** How many files of a folder are taken: {@code groups}, {@code assets}. */
  public long files(String folder) {
    return (folder.equals("assets") ? source.assetFiles() : source.dataFiles())
        .stream().filter(file -> file.name().startsWith(folder + "/")).count();
  }

  /** How large the boot files are together, in bytes. */
  public long assetBytes() {
    return source.assetFiles().stream().mapToLong(SourceFile::size).sum();
  }

  /** What became of a folder. */
  public enum Outcome {
    /** It has the files now. */
    COPIED,
    /** It had these very files already, and no others. */
    SAME
  }

  /**
   * Copies, to new or empty folders only.
   *
   * @param data the new data directory
   * @param assets the new folder of static files; null to leave boot files where they are
   * @param link true to hard-link boot files
   * @throws MigrateException when nothing, or not all, was copied
   */
  public List<Outcome> copy(Path data, @Nullable Path assets, boolean link, Progress progress) {
    List<Target> targets = new ArrayList<>();
    targets.add(new Target(data, source.dataFiles(), false));
    if (assets != null && source.assets() != null) {
      targets.add(new Target(assets, below(source.assetFiles()), link));
    }
    targets.forEach(this::requireApart);
    List<Target.State> states = targets.stream().map(Target::state).toList();
    for (int i = 0; i < targets.size(); i++) {
      if (states.get(i) == Target.State.TAKEN) {
        throw new MigrateException(
            targets.get(i).folder()
                + " has other files in it, and nothing is ever overwritten: name another folder, or"
                + " move that one away");
      }
    }
    long total = targets.stream().mapToLong(Target::bytes).sum();
    progress.step("copy", source.data().toString());
    AtomicLong done = new AtomicLong();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      outcomes.add(
          states.get(i) == Target.State.SAME
              ? Outcome.SAME
              : make(targets.get(i), more -> progress.bytes(done.addAndGet(more), total)));
    }
    return outcomes;
  }

  private static Outcome make(Target target, LongConsumer copied) {
    try {
      requireSpace(target);
      target.make(copied);
      return Outcome.COPIED;
    } catch (IOException e) {
      throw new MigrateException(
          target.folder()
              + " was not made, and nothing is left of it: "
              + e
              + "; mend that and run this again",
          e);
    }
  }

  private static void requireSpace(Target target) throws IOException {
    Path there = target.folder().toAbsolutePath();
    while (Files.notExists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    long free = Files.getFileStore(there).getUsableSpace();
    if (free < target.bytes()) {
      throw new IOException(
          "needs %d MiB, and %s has %d MiB free"
              .formatted(target.bytes() >> 20, there, free >> 20));
    }
  }

  private void requireApart(Target target) {
    for (Path from :
        source.assets() == null
            ? List.of(source.data())
            : List.of(source.data(), source.assets())) {
      Path one = real(from);
      Path other = real(target.folder());
      if (one.startsWith(other) || other.startsWith(one)) {
        throw new MigrateException(
            "%s and %s are not apart: to serve matchbox's files where they are, set data: %s"
                .formatted(from, target.folder(), source.data()));
      }
    }
  }

  private static Path real(Path path) {
    Path there = path.toAbsolutePath().normalize();
    try {
      return Files.exists(there) ? there.toRealPath() : there;
    } catch (IOException e) {
      return there;
    }
  }

  private static List<SourceFile> below(List<SourceFile> assets) {
    return assets.stream()
        .map(file ->
            new SourceFile(file.name().substring("assets/".length()), file.real(), file.size()))
        .toList();
  }
}
