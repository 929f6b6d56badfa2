/** Ignition configs: raw ones brought to one version, Butane through its own program. */
@NullMarked
package dev.moonboot.ignition;

import org.jspecify.annotations.NullMarked;
