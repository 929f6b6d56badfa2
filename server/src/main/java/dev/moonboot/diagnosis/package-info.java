/**
 * What keeps nodes from booting: looks at this machine, its network and the service as nodes see
 * it.
 */
@NullMarked
package dev.moonboot.diagnosis;

import org.jspecify.annotations.NullMarked;
