/** The rules of the house, held by test. */
@NullMarked
package dev.moonboot.architecture;

import org.jspecify.annotations.NullMarked;
