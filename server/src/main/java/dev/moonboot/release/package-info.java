/** Which release a channel has now, and how channels are followed. */
@NullMarked
package dev.moonboot.release;

import org.jspecify.annotations.NullMarked;
