package dev.moonboot.profile;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;

/**
 * One group or profile as it is in force.
 *
 * @param version digest of its file's bytes: another one whenever the file changed, even where it
 *     is now unusable and its last good version is in force
 * @param content in matchbox's shape: only known members, in matchbox's order, none that is empty
 */
public record Stored(Digest version, Json.Obj content) {}
