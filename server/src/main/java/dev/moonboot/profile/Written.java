package dev.moonboot.profile;

import dev.moonboot.assets.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a wish to change a group or profile. */
public sealed interface Written {
  /**
   * It is written, lasts, and is in force.
   *
   * @param created true when there was none before
   * @param warnings what it refers to and is not there, for people
   */
  record Put(Stored stored, boolean created, List<String> warnings) implements Written {
    public Put {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * It is gone.
   *
   * @param warnings who still refers to it, for people
   */
  record Deleted(List<String> warnings) implements Written {
    public Deleted {
      warnings = List.copyOf(warnings);
    }
  }

  /** There was nothing to delete. */
  record Missing() implements Written {}

  /** It cannot be used as it is; nothing changed. */
  record Refused(List<FieldProblem> problems) implements Written {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /** There are as many groups and profiles as there may be; nothing changed. */
  record Full(String why) implements Written {}

  /**
   * What is there is not what the order expects; nothing changed.
   *
   * @param version what is there; null when there is none
   */
  record Stale(@Nullable Digest version) implements Written {}

  /** The disk did not take it; what was in force before still is. */
  record Failed(String why) implements Written {}
}
