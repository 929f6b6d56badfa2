/** TFTP (RFC 1350, 2347, 2348, 2349, 7440), read-only. Door of Netty. */
@NullMarked
package dev.moonboot.tftp;

import org.jspecify.annotations.NullMarked;
