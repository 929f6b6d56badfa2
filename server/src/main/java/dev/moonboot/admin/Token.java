package dev.moonboot.admin;

import dev.moonboot.assets.Digest;

/**
 * One that may call.
 *
 * @param name for people and the audit log
 * @param hash SHA-256 of what its bearer shows; the token itself is not kept
 */
record Token(String name, Role role, Digest hash) {}
