/** What a node is given besides its boot script: metadata, templates, cloud configs, Ignition. */
@NullMarked
package dev.moonboot.provision;

import org.jspecify.annotations.NullMarked;
