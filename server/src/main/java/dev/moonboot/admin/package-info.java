/** The admin API: who may ask for what, and how it is answered. */
@NullMarked
package dev.moonboot.admin;

import org.jspecify.annotations.NullMarked;
