/** A file system tree as values: what layers, squashfs images and cpio archives have in common. */
@NullMarked
package dev.moonboot.assets.tree;

import org.jspecify.annotations.NullMarked;
