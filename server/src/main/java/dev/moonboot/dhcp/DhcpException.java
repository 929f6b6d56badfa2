package dev.moonboot.dhcp;

/** DHCP cannot be spoken here; the message says what to do. */
public final class DhcpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DhcpException(String message, Throwable cause) {
    super(message, cause);
  }

  DhcpException(String message) {
    super(message);
  }
}
