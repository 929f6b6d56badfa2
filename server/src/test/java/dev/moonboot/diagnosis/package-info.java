@NullMarked
package dev.moonboot.diagnosis;

import org.jspecify.annotations.NullMarked;
