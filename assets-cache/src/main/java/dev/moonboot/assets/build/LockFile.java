package dev.moonboot.assets.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.files.AtomicFile;
import dev.moonboot.files.Turn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The file that says what every build is made of, by digest: made by {@code moonboot build lock},
 * reviewed and kept with the configuration, and the same for all clusters that share it. So it may
 * hold builds that this configuration does not have, and of several sites some of one name.
 *
 * <p>It is YAML with one input on a line, sorted by build and name, so that a change of one input
 * is a change of one line.
 *
 * @param builds by their {@link #key}
 */
public record LockFile(SortedMap<String, LockedBuild> builds) {
  /** No build. */
  public static final LockFile EMPTY = new LockFile(new TreeMap<>());

  static final int FORMAT = 1;
  private static final int MAX_BYTES = 4 << 20;
  private static final Duration LONGEST_TURN = Duration.ofSeconds(30);
  private static final int MAX_LINKS = 40; // path_resolution(7)
  private static final Pattern SITE = Pattern.compile(LockText.NAME);
  private static final String HEAD =
      """
      # What each build is made of, by digest. Written by "moonboot build lock": review it and keep it
      # with the configuration.
      """;

  public LockFile {
    builds = Collections.unmodifiableSortedMap(new TreeMap<>(builds));
  }

  /**
   * What a build is called in the file.
   *
   * @param site of the configuration that has it; empty where builds of one name are one
   * @param build the name of its channel
   */
  public static String key(String site, String build) {
    return site.isEmpty() ? build : site + "/" + build;
  }

  /** Whether a configuration's builds can be told from others by that. */
  public static boolean isSite(String text) {
    return SITE.matcher(text).matches();
  }

  /**
   * Reads it; {@link #EMPTY} where there is none.
   *
   * @throws LockException when it cannot be used
   */
  public static LockFile read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new LockException(file + " has more than 4 MiB: no lock file");
      }
      return parse(file.toString(), UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (NoSuchFileException e) {
      return EMPTY;
    } catch (CharacterCodingException e) {
      throw new LockException(file + " is no text (UTF-8): no lock file", e);
    } catch (IOException e) {
      throw new LockException(file + " cannot be read: " + e, e);
    }
  }

  /**
   * Reads its text.
   *
   * @param name what it is called, for messages
   * @throws LockException when it cannot be used
   */
  public static LockFile parse(String name, String text) {
    return new LockFile(new LockText(name).read(text));
  }

  /** The same with that build, in the place of the one of that name. */
  public LockFile with(String name, LockedBuild build) {
    Map<String, LockedBuild> more = new TreeMap<>(builds);
    more.put(name, build);
    return new LockFile(new TreeMap<>(more));
  }

  /** The whole text; equal builds give equal text. */
  public String text() {
    StringBuilder text = new StringBuilder(HEAD);
    text.append("format: ").append(FORMAT).append('\n');
    text.append(builds.isEmpty() ? "builds: {}\n" : "builds:\n");
    builds.forEach((name, build) -> {
      text.append("  ").append(name).append(":\n");
      text.append("    talos: ").append(LockedInput.quoted(build.version())).append('\n');
      if (!build.kernelRelease().isEmpty()) {
        text.append("    kernel: ").append(LockedInput.quoted(build.kernelRelease())).append('\n');
      }
      text.append("    inputs:\n");
      build.inputs().forEach(input -> text.append("      - ").append(input.line()).append('\n'));
    });
    return text.toString();
  }

  /**
   * Changes what the file holds now: others that change theirs in it at the same time, such as the
   * pipelines of two clusters, lose nothing by that.
   *
   * @throws LockException when it cannot be used, or could not be written
   */
  public static void change(Path file, UnaryOperator<LockFile> to) {
    try (Turn _ = Turn.take(turn(target(file)), LONGEST_TURN)) {
      to.apply(read(file)).write(file);
    } catch (IOException e) {
      throw unwritten(file, e);
    }
  }

  private static Path turn(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".turn");
  }

  /**
   * Replaces the file as a whole; where its name is a symbolic link, the file that it leads to.
   *
   * @throws LockException when that could not be done
   */
  public void write(Path file) {
    try {
      AtomicFile.replace(target(file), text().getBytes(UTF_8));
    } catch (IOException e) {
      throw unwritten(file, e);
    }
  }

  private static LockException unwritten(Path file, IOException e) {
    return new LockException(
        "%s cannot be written: %s; is its folder there, and yours? build.lock names another"
            .formatted(file, e),
        e);
  }

  /** Who shares a lock file by a link is to go on sharing it. */
  private static Path target(Path file) throws IOException {
    Path target = file;
    for (int links = 0; links < MAX_LINKS && Files.isSymbolicLink(target); links++) {
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }
}
