/** HTTP routes. Door of helidon-webserver. */
@NullMarked
package dev.moonboot.http;

import org.jspecify.annotations.NullMarked;
