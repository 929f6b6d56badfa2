package dev.moonboot.migrate;

import java.nio.file.Path;

/**
 * A file to take over.
 *
 * @param name its path below the folder that is taken over: {@code groups/pi.json}
 * @param real where its content is, links followed
 * @param size in bytes, when it was looked at
 */
record SourceFile(String name, Path real, long size) {}
