/** What a registry's clients find below {@code /v2/}, and the signatures of what is made here. */
@NullMarked
package dev.moonboot.installer;

import org.jspecify.annotations.NullMarked;
