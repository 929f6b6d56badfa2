/** Image Factory's schematics: reading them, their canonical text, their ids. */
@NullMarked
package dev.moonboot.assets.schematic;

import org.jspecify.annotations.NullMarked;
