/** The front door of this half: from a channel to a release on disk. */
@NullMarked
package dev.moonboot.assets.cache;

import org.jspecify.annotations.NullMarked;
