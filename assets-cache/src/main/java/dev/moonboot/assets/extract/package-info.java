/**
 * Boot files out of layers. Door of xz and zstd; tar, cpio, gzip and PE are read by readers of
 * ours.
 */
@NullMarked
package dev.moonboot.assets.extract;

import org.jspecify.annotations.NullMarked;
