/** What a machine's firmware loads before a script of ours runs. */
@NullMarked
package dev.moonboot.firmware;

import org.jspecify.annotations.NullMarked;
