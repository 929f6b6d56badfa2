/** main, and the appliance that wires all parts together. */
@NullMarked
package dev.moonboot.server;

import org.jspecify.annotations.NullMarked;
