package dev.moonboot.dhcp;

/** Numbers of DHCP options (RFC 2132, RFC 3046, RFC 4578; 175 is iPXE's own). */
final class Tag {
  static final int PAD = 0;
  static final int REQUESTED_ADDRESS = 50;
  static final int OVERLOAD = 52;
  static final int MESSAGE_TYPE = 53;
  static final int SERVER = 54;
  static final int PARAMETERS = 55;
  static final int LARGEST = 57;
  static final int VENDOR_OPTIONS = 43;
  static final int VENDOR_CLASS = 60;
  static final int TFTP_SERVER = 66;
  static final int BOOT_FILE = 67;
  static final int USER_CLASS = 77;
  static final int RELAY = 82;
  static final int ARCH = 93;
  static final int INTERFACE = 94;
  static final int MACHINE = 97;
  static final int IPXE = 175;
  static final int END = 255;

  private Tag() {}
}
