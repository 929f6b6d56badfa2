/** System extensions: what an image of one holds, and what is wrong with it. */
@NullMarked
package dev.moonboot.assets.extension;

import org.jspecify.annotations.NullMarked;
