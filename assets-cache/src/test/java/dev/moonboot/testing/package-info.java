/** What tests of both modules share: requirements, leak guard, fakes and fixtures. */
@NullMarked
package dev.moonboot.testing;

import org.jspecify.annotations.NullMarked;
