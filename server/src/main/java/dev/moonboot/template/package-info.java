/**
 * Go's text/template, as matchbox uses it. Depends on nothing of ours, so that it could be a
 * library.
 */
@NullMarked
package dev.moonboot.template;

import org.jspecify.annotations.NullMarked;
