package dev.moonboot.assets;

import java.nio.file.Path;

/**
 * One boot file, complete and checked, under its digest name in the store. Its bytes never change.
 *
 * @param file where the bytes are; may be served from for as long as it is open
 * @param size in bytes
 * @param digest of the bytes
 */
public record Asset(AssetName name, Arch arch, Path file, long size, Digest digest) {}
