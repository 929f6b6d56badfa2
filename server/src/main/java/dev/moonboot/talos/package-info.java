/** What Talos tells of itself once its kernel runs. */
@NullMarked
package dev.moonboot.talos;

import org.jspecify.annotations.NullMarked;
