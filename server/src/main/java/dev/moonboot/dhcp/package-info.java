/**
 * ProxyDHCP (RFC 2131, RFC 4578, the PXE specification 2.1): tells firmware what to load, and never
 * hands out an address. Door of Netty.
 */
@NullMarked
package dev.moonboot.dhcp;

import org.jspecify.annotations.NullMarked;
