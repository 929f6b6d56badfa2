/**
 * Configuration read once, all problems told together. Door of helidon-config and snakeyaml-engine.
 */
@NullMarked
package dev.moonboot.config;

import org.jspecify.annotations.NullMarked;
