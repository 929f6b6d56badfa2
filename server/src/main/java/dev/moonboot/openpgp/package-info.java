/** Detached OpenPGP signatures over what nodes are sent. */
@NullMarked
package dev.moonboot.openpgp;

import org.jspecify.annotations.NullMarked;
