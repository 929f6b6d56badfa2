package dev.moonboot.node;

import java.time.Instant;

/**
 * What is known of a node that was seen on the network; a text is empty where it is not known.
 *
 * @param mac its hardware address
 * @param address the address it has, as DHCP packets or requests showed it, without a port
 * @param uuid as SMBIOS shows it, in lower case
 * @param serial its serial number
 * @param product what it says it is: {@code Raspberry Pi 4}
 * @param arch {@code amd64} or {@code arm64}
 * @param firmware what kind of client it was last seen as: {@code uefi-pxe}, {@code ipxe}
 * @param first when it was first seen since the start
 * @param last when it was last seen
 */
public record Sighting(
    MacAddress mac,
    String address,
    String uuid,
    String serial,
    String product,
    String arch,
    String firmware,
    Instant first,
    Instant last) {}
