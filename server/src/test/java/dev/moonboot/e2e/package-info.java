/**
 * Machines with real firmware boot from the packaged server, over a network of their own.
 *
 * <p>The scripts these tests drive are in {@code server/src/e2e}; each can be run by hand.
 */
@NullMarked
package dev.moonboot.e2e;

import org.jspecify.annotations.NullMarked;
