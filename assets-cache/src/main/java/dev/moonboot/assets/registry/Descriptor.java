package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;

/**
 * A reference to content (OCI image-spec, descriptor.md).
 *
 * @param size in bytes, as the manifest says; nothing longer is ever read
 */
public record Descriptor(String mediaType, Digest digest, long size) {}
