package dev.moonboot.http;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The boot listener: plain HTTP, open to every node.
 *
 * @param bind where it listens; port 0 takes a free one
 * @param staticFiles the folder whose files stand below {@code /assets/} besides the releases; null
 *     for none
 */
public record HttpConfig(InetSocketAddress bind, @Nullable Path staticFiles, HttpLimits limits) {}
