/** What happened: the audit log of changes, and the boots of late. */
@NullMarked
package dev.moonboot.journal;

import org.jspecify.annotations.NullMarked;
