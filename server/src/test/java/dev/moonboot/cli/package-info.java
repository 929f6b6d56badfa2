/** Tests of the package of the same name. */
@NullMarked
package dev.moonboot.cli;

import org.jspecify.annotations.NullMarked;
