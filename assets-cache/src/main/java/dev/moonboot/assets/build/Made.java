package dev.moonboot.assets.build;

import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.json.Json;

/**
 * What was made for one architecture.
 *
 * @param record what is told of it beside its files: the recipe, the layers with their digests,
 *     what the lint warned of
 */
public record Made(BootFiles files, Json.Obj record) {}
