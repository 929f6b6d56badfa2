/** Files that appear whole: replaced entirely, or not at all. */
@NullMarked
package dev.moonboot.files;

import org.jspecify.annotations.NullMarked;
