/** What we ask of an OCI registry or image layout. Door of jib-core and java.net.http. */
@NullMarked
package dev.moonboot.assets.registry;

import org.jspecify.annotations.NullMarked;
