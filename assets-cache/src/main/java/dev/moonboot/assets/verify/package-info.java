/** Signature policy: is this digest one we may serve? */
@NullMarked
package dev.moonboot.assets.verify;

import org.jspecify.annotations.NullMarked;
