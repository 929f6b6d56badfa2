/** What composed releases are made of, found out and put together. */
@NullMarked
package dev.moonboot.assets.build;

import org.jspecify.annotations.NullMarked;
