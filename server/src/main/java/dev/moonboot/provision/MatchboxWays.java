package dev.moonboot.provision;

import dev.moonboot.config.ConfigReader;

/**
 * Where matchbox's way is not the safe one, and is not taken unless it is asked for.
 *
 * @param blankIgnition whether a node gets the blank Ignition config, which configures nothing, for
 *     one that cannot be used
 * @param signAnything whether answers are signed that have unusual labels in them, and those that
 *     say there is nothing
 * @param controlCharacters whether labels are kept that have control characters in them
 */
public record MatchboxWays(boolean blankIgnition, boolean signAnything, boolean controlCharacters) {
  /** The safe ways. */
  public static final MatchboxWays NONE = new MatchboxWays(false, false, false);

  /** Reads the section {@code matchbox}. */
  public static MatchboxWays read(ConfigReader in) {
    return new MatchboxWays(
        in.bool(
            "blank-ignition",
            "whether a raw Ignition config that cannot be used is answered with 200 and a config"
                + " that configures nothing, as matchbox does, and not with 404",
            false),
        in.bool(
            "sign-anything",
            "whether .sig and .asc sign whatever a query asks for, and 404 too, as matchbox does",
            false),
        in.bool(
            "control-characters",
            "whether labels with control characters in them are kept, as matchbox does, and not"
                + " left out",
            false));
  }
}
