package dev.moonboot.assets;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a release was let in: what the signature policy in force then said of its image digest.
 *
 * @param mode what the policy asked for
 * @param rule the policy's rule that matched the image ({@code ghcr.io/acme/*}); empty when none
 *     did
 * @param proof the signature that covers the digest; null when none was found or wanted
 * @param warning what is not as it should be, for people; empty when all is well
 * @param inputs of a composed release, what was said of each image that it is made of, which the
 *     rest sums up; empty for any other
 */
public record Admission(
    Mode mode, String rule, @Nullable Proof proof, String warning, List<OfInput> inputs) {
  private static final int WARNINGS_SHOWN = 2;

  /** How strict a policy is. */
  public enum Mode {
    /** Without a valid signature the image is refused. */
    REQUIRE,
    /** Without a valid signature the image is let in, and that is said. */
    WARN,
    /** Signatures are not looked at. */
    OFF
  }

  /**
   * Why one input was let in.
   *
   * @param name as a person called it
   * @param source the image as a person writes it, by which a policy finds its rule
   * @param digest of what that named
   * @param platforms digest of the manifest for each architecture
   * @param admission its own
   */
  public record OfInput(
      String name, String source, Digest digest, Map<Arch, Digest> platforms, Admission admission) {
    public OfInput {
      platforms = Map.copyOf(platforms);
    }
  }

  public Admission {
    inputs = List.copyOf(inputs);
  }

  /** Of one image. */
  public Admission(Mode mode, String rule, @Nullable Proof proof, String warning) {
    this(mode, rule, proof, warning, List.of());
  }

  /** Of what is made of several: as strict as for the one that was looked at least strictly. */
  public static Admission of(List<OfInput> inputs) {
    Mode mode =
        inputs.stream()
            .map(input -> input.admission().mode())
            .reduce(Mode.REQUIRE, (one, other) -> one.compareTo(other) > 0 ? one : other);
    return new Admission(
        mode,
        inputs.stream()
            .map(input -> input.admission().rule())
            .filter(rule -> !rule.isEmpty())
            .distinct()
            .collect(Collectors.joining(", ")),
        null,
        warning(inputs),
        inputs);
  }

  /** Of many that nobody wrote a rule for, the first few say enough. */
  private static String warning(List<OfInput> inputs) {
    List<OfInput> warned =
        inputs.stream().filter(input -> !input.admission().warning().isEmpty()).toList();
    String first =
        warned.stream()
            .limit(WARNINGS_SHOWN)
            .map(input -> input.name() + ": " + input.admission().warning())
            .collect(Collectors.joining("; "));
    return warned.size() > WARNINGS_SHOWN
        ? first + "; and %d more inputs".formatted(warned.size() - WARNINGS_SHOWN)
        : first;
  }

  /** Nobody asked for a signature. */
  public static final Admission UNCHECKED = new Admission(Mode.OFF, "", null, "");
}
