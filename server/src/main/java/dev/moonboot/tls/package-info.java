/** Certificates and keys in files, as listeners with TLS read them. */
@NullMarked
package dev.moonboot.tls;

import org.jspecify.annotations.NullMarked;
