package dev.moonboot.diagnosis;

/**
 * What moonboot would tell a node by DHCP.
 *
 * @param asker as what it asks: {@code UEFI PXE}
 * @param file what it is told to load: a path for TFTP, or a URL; empty where it knows that itself
 * @param silence why it gets no answer; empty where it gets one
 */
public record NodeOffer(String asker, String file, String silence) {}
