package dev.moonboot.dhcp;

import java.nio.ByteBuffer;

/**
 * An answer to a client.
 *
 * @param datagram as it goes out
 * @param file what the client is told to load; empty where it knows that itself
 */
public record Offer(ByteBuffer datagram, String file) {}
