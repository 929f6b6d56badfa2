/** Machine configs are secrets: who may read which, and the tickets that let one node read one. */
@NullMarked
package dev.moonboot.secret;

import org.jspecify.annotations.NullMarked;
