/** A registry inside the process and a payload made on the spot, to show the appliance at work. */
@NullMarked
package dev.moonboot.demo;

import org.jspecify.annotations.NullMarked;
