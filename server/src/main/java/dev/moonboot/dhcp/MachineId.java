package dev.moonboot.dhcp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** What option 97 holds (RFC 4578 section 2.3). */
final class MachineId {
  private static final int LENGTH = 17;

  private MachineId() {}

  /**
   * The UUID as SMBIOS and iPXE show it, in lower case: on the wire its first three fields are
   * little-endian. Empty for a value of another length or type, and for one that vendors fill in
   * where there is none.
   */
  static String uuid(byte[] value) {
    if (value.length != LENGTH || value[0] != 0) {
      return "";
    }
    ByteBuffer in = ByteBuffer.wrap(value, 1, LENGTH - 1).order(ByteOrder.LITTLE_ENDIAN);
    long time = (in.getInt() & 0xffff_ffffL) << 32;
    time |= (in.getShort() & 0xffffL) << 16;
    time |= in.getShort() & 0xffffL;
    long rest = in.order(ByteOrder.BIG_ENDIAN).getLong();
    boolean none = (time == 0 && rest == 0) || (time == -1 && rest == -1);
    return none ? "" : new UUID(time, rest).toString();
  }
}
