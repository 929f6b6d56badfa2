/** Answers recorded from real matchbox, against which ours are held. */
@NullMarked
package dev.moonboot.matchbox;

import org.jspecify.annotations.NullMarked;
