package dev.moonboot.diagnosis;

/**
 * A DHCP offer; a text is empty where it says nothing.
 *
 * @param server by which the server calls itself
 * @param yours the address that it offers; empty from a ProxyDHCP
 * @param next the server to load from
 * @param file what to load
 * @param vendor its option 60
 */
public record Offered(String server, String yours, String next, String file, String vendor) {}
