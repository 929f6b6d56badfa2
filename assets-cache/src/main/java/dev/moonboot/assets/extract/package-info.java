/** Boot files out of layers. Door of commons-compress, xz and zstd. */
@NullMarked
package dev.moonboot.assets.extract;

import org.jspecify.annotations.NullMarked;
