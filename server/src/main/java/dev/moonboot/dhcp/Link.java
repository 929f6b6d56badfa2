package dev.moonboot.dhcp;

import java.net.Inet4Address;

/**
 * Where an answer leaves.
 *
 * @param here our address there
 * @param mtu the largest IP packet, in bytes
 */
public record Link(Inet4Address here, int mtu) {}
