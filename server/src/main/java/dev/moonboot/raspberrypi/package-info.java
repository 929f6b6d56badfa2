/** What the firmware of Raspberry Pis asks for, which cannot run a script. */
@NullMarked
package dev.moonboot.raspberrypi;

import org.jspecify.annotations.NullMarked;
