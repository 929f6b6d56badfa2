package dev.moonboot.journal;

/**
 * A node asked for a boot server by DHCP and was told what to load; a text is empty where the node
 * said nothing.
 *
 * @param mac with colons
 * @param firmware what kind of client it is: {@code bios-pxe}, {@code uefi-http}, {@code ipxe}
 * @param file what it was told to load first; empty where it was told nothing
 */
public record Offered(
    String mac, String uuid, String serial, String arch, String firmware, String file) {}
