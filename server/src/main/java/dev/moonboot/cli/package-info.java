/**
 * The admin API from the shell: {@code moonboot admin …}. Second door of java.net.http and picocli.
 */
@NullMarked
package dev.moonboot.cli;

import org.jspecify.annotations.NullMarked;
