package dev.moonboot.profile;

/**
 * A file or folder of the data directory that cannot be used.
 *
 * @param file relative to the data directory: {@code groups/pi.json}
 * @param why what is wrong with it
 * @param lastGoodInForce true when its last good version still counts, false when there is none
 */
public record FileProblem(String file, String why, boolean lastGoodInForce) {}
