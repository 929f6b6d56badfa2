/**
 * Bootable ISO images: of a release for UEFI machines, and of iPXE that goes on over the network.
 */
@NullMarked
package dev.moonboot.assets.iso;

import org.jspecify.annotations.NullMarked;
