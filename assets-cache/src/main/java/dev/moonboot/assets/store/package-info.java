/** Releases on disk, by digest. */
@NullMarked
package dev.moonboot.assets.store;

import org.jspecify.annotations.NullMarked;
