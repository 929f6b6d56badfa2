/** Tests of reading the configuration. */
@NullMarked
package dev.moonboot.config;

import org.jspecify.annotations.NullMarked;
