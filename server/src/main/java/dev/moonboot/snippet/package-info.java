/** What a site's own DHCP server has to say, where nobody is to answer beside it. */
@NullMarked
package dev.moonboot.snippet;

import org.jspecify.annotations.NullMarked;
