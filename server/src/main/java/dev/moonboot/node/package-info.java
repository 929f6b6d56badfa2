/** Who asks: the labels a node sends. */
@NullMarked
package dev.moonboot.node;

import org.jspecify.annotations.NullMarked;
