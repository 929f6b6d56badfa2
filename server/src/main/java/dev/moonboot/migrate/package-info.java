/** Takes over what a matchbox has: looks at its files, says what would differ, copies them. */
@NullMarked
package dev.moonboot.migrate;

import org.jspecify.annotations.NullMarked;
