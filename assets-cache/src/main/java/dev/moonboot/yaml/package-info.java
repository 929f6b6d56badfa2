/** Strict YAML within limits, as values of {@link dev.moonboot.json}. */
@NullMarked
package dev.moonboot.yaml;

import org.jspecify.annotations.NullMarked;
