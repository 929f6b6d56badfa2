/** This appliance as an Image Factory: schematics, and what is composed of them when asked for. */
@NullMarked
package dev.moonboot.factory;

import org.jspecify.annotations.NullMarked;
