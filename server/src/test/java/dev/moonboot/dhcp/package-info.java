/** ProxyDHCP against recorded clients, itself, and networks made for it. */
@NullMarked
package dev.moonboot.dhcp;

import org.jspecify.annotations.NullMarked;
