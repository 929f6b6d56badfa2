/** TFTP against itself, recorded clients and real clients. */
@NullMarked
package dev.moonboot.tftp;

import org.jspecify.annotations.NullMarked;
