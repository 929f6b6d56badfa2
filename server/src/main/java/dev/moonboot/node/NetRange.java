package dev.moonboot.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses with a common prefix, written {@code 10.0.0.0/8} or {@code fd00::/8}; an
 * address alone stands for itself.
 */
public final class NetRange {
  private final byte[] prefix;
  private final int bits;

  private NetRange(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  /**
   * Reads {@code address[/bits]}.
   *
   * @throws IllegalArgumentException for a host name, or bits the address does not have
   */
  public static NetRange parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = literal(slash < 0 ? text : text.substring(0, slash), text);
    int most = address.length * Byte.SIZE;
    int bits = slash < 0 ? most : number(text.substring(slash + 1), text);
    if (bits > most) {
      throw wrong(text, null);
    }
    return new NetRange(address, bits);
  }

  private static byte[] literal(String address, String whole) {
    try {
      return InetAddress.ofLiteral(address).getAddress(); // never asks the DNS
    } catch (IllegalArgumentException e) {
      throw wrong(whole, e);
    }
  }

  private static int number(String digits, String whole) {
    if (digits.isEmpty()
        || digits.length() > 3
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw wrong(whole, null);
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException wrong(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "not an address range: " + text + "; write it like 10.0.0.0/8 or fd00::/8", cause);
  }

  /** Whether {@code address} is of this family and begins with this prefix. */
  public boolean contains(InetAddress address) {
    byte[] other = address.getAddress();
    return other.length == prefix.length && firstBits(other) && wholeBytes(other);
  }

  private boolean wholeBytes(byte[] other) {
    int whole = bits / Byte.SIZE;
    return Arrays.equals(prefix, 0, whole, other, 0, whole);
  }

  private boolean firstBits(byte[] other) {
    int whole = bits / Byte.SIZE;
    int rest = bits % Byte.SIZE;
    return rest == 0 || ((prefix[whole] ^ other[whole]) & 0xff) >> (Byte.SIZE - rest) == 0;
  }

  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(prefix).getHostAddress() + "/" + bits;
    } catch (UnknownHostException e) {
      throw new AssertionError("a prefix is four or sixteen bytes", e);
    }
  }
}
