package dev.moonboot.firmware;

import java.net.InetAddress;

/**
 * Who asks for a file, and where.
 *
 * @param client its address, without a port
 * @param here our address that it asked; the wildcard where that is not known
 */
public record Asker(String client, InetAddress here) {}
