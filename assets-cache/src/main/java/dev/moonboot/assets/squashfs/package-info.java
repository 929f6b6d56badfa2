/**
 * SquashFS 4.0 images, written and read. The two halves share no code but the words of the format
 * in their public types: what one writes, the other checks.
 */
@NullMarked
package dev.moonboot.assets.squashfs;

import org.jspecify.annotations.NullMarked;
