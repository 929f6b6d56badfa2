/** Tests of the package of the same name. */
@NullMarked
package dev.moonboot.server;

import org.jspecify.annotations.NullMarked;
