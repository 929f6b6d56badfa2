package dev.moonboot.diagnosis;

import java.util.List;

/** Looks at one thing and changes nothing. */
@FunctionalInterface
public interface Check {
  /** What was found; never empty. */
  List<Finding> look() throws InterruptedException;
}
