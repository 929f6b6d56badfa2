/** The answer to one node, and the scripts that say it. */
@NullMarked
package dev.moonboot.boot;

import org.jspecify.annotations.NullMarked;
