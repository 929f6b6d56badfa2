/** Every meter's name, in one class. Door of Micrometer. */
@NullMarked
package dev.moonboot.metrics;

import org.jspecify.annotations.NullMarked;
