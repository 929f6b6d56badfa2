/** UDP sockets on an event loop of their own. Door of Netty. */
@NullMarked
package dev.moonboot.udp;

import org.jspecify.annotations.NullMarked;
