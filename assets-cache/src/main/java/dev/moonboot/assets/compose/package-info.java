/** Writers of what Talos images are made of: cpio archives and unified kernel images. */
@NullMarked
package dev.moonboot.assets.compose;

import org.jspecify.annotations.NullMarked;
