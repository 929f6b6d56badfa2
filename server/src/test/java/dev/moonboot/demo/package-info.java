/** Tests of the package of the same name. */
@NullMarked
package dev.moonboot.demo;

import org.jspecify.annotations.NullMarked;
