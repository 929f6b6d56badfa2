package dev.moonboot.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What stands between fences in a document. In documents whose every command is run, a block says
 * what it is: {@code sh} is typed, {@code yaml} is a configuration, {@code json} a file, and {@code
 * text} only looked at.
 */
public final class DocumentBlocks {
  /**
   * What cannot be run where tests run; nothing else is left out. What {@code ctr} and {@code
   * podman} pull is pulled by tests of their own.
   */
  public static final Set<String> EXEMPT = Set.of("talosctl", "cosign", "docker", "ctr", "podman");

  /** What a line of a block that is no {@code sh} must not begin with, lest it be forgotten. */
  public static final Set<String> PROGRAMS =
      Set.of(
          "moonboot",
          "./moonboot",
          "skopeo",
          "curl",
          "openssl",
          "talosctl",
          "cosign",
          "docker",
          "crane",
          "ctr",
          "podman",
          "chmod",
          "mkdir",
          "sha256sum");

  private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)```(\\w*)\\n(.*?)^\\1```$");

  private DocumentBlocks() {}

  /**
   * One of them.
   *
   * @param language behind its fence; empty for none
   * @param text without the indent of its fence
   */
  public record Block(String language, String text) {
    /** The commands that can be run here, as they are written. */
    public String commands() {
      return text.lines()
          .filter(line -> !EXEMPT.contains(program(line)))
          .map(line -> line + "\n")
          .collect(Collectors.joining());
    }
  }

  /** All of a document, in its order. */
  public static List<Block> of(Path document) throws IOException {
    return BLOCK
        .matcher(Files.readString(document))
        .results()
        .map(found ->
            new Block(found.group(2), found.group(3).replaceAll("(?m)^" + found.group(1), "")))
        .toList();
  }

  /** Those that are typed, without those that have nothing but what is exempt. */
  public static List<Block> typed(Path document) throws IOException {
    return of(document).stream()
        .filter(block -> block.language().equals("sh"))
        .filter(block -> !block.commands().isBlank())
        .toList();
  }

  /** The program that a line calls. */
  public static String program(String line) {
    return Stream.of(line.strip().split(" +")).findFirst().orElse("");
  }
}
