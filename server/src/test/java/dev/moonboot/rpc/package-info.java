@NullMarked
package dev.moonboot.rpc;

import org.jspecify.annotations.NullMarked;
