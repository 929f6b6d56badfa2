/** The values both halves speak: what an image, a channel, a release and its assets are. */
@NullMarked
package dev.moonboot.assets;

import org.jspecify.annotations.NullMarked;
