/** matchbox's data: groups and profiles, read, checked and indexed together. */
@NullMarked
package dev.moonboot.profile;

import org.jspecify.annotations.NullMarked;
