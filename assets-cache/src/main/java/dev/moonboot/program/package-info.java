/** Programs of the system that are called for what is not worth writing again. */
@NullMarked
package dev.moonboot.program;

import org.jspecify.annotations.NullMarked;
