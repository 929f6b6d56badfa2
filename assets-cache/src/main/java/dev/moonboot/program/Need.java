package dev.moonboot.program;

import java.util.Optional;

/**
 * That a program of the system is needed for something.
 *
 * @param program what it is called
 * @param debianPackage what to install where there is none
 * @param purpose what needs it, for people: {@code an ISO image}
 */
public record Need(String program, String debianPackage, String purpose) {
  /**
   * The program.
   *
   * @throws MissingProgramException when there is none
   */
  public Program find() throws MissingProgramException {
    return Program.find(program, debianPackage, purpose);
  }

  /** What is told where there is none; empty where there is. */
  public Optional<String> missing() {
    try {
      find();
      return Optional.empty();
    } catch (MissingProgramException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
