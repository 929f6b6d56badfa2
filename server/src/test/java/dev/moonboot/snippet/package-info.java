@NullMarked
package dev.moonboot.snippet;

import org.jspecify.annotations.NullMarked;
