/** Strict JSON within limits, as a small value type. Door of jackson-core. */
@NullMarked
package dev.moonboot.json;

import org.jspecify.annotations.NullMarked;
