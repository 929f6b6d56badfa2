package dev.moonboot.ignition;

import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What makes Ignition configs of Butane ones.
 *
 * @param program the butane program; null without one
 */
public record ButaneConfig(@Nullable Path program) {
  /** Reads the section {@code provision}. */
  public static ButaneConfig read(ConfigReader in) {
    Path program =
        in.optional(
                "butane",
                "the butane program, an absolute path; it makes Ignition of profiles' Butane"
                    + " configs, which are not answered without it",
                Kind.PATH)
            .orElse(null);
    if (program != null && !program.isAbsolute()) {
      in.problem("butane", program + " is not an absolute path, such as /usr/local/bin/butane");
    } else if (program != null && !(Files.isRegularFile(program) && Files.isExecutable(program))) {
      in.problem(
          "butane",
          program + " is no program that can be run here: install butane there, or leave this out");
    }
    return new ButaneConfig(program);
  }

  /** By the program, where there is one. */
  public Translator translator() {
    return program == null ? Translator.none() : new Butane(program);
  }
}
