/** UDP sockets and their loop. */
@NullMarked
package dev.moonboot.udp;

import org.jspecify.annotations.NullMarked;
