package dev.moonboot.e2e;

import java.nio.file.Path;
import java.util.List;

/** Where the appliance and the machines that boot from it meet. */
sealed interface Network extends AutoCloseable permits Lab, UserNetwork {
  /**
   * The lab where one can be made, because only there a machine's firmware asks our own DHCP and
   * TFTP; elsewhere QEMU's user network, which needs no rights at all.
   *
   * @param work an existing folder for logs
   */
  static Network open(Path work) {
    if (Lab.isPossible()) {
      return Lab.open(work);
    }
    System.err.println("e2e: /dev/net/tun cannot be opened, so QEMU itself answers DHCP");
    return UserNetwork.open();
  }

  /** {@code command} as it must be started to run on the appliance's machine. */
  List<String> onServer(List<String> command);

  /** The address on the appliance's machine that its listeners bind to. */
  String address();

  /** The same as machines see it, which boot from it: {@code http://10.0.2.2:8080}. */
  String bootUrl();

  /** The ports that are free there. */
  Ports ports();

  /**
   * The start of a {@code bootvm} command for a machine in this network.
   *
   * @param card which of two network cards it is plugged into, 0 or 1
   */
  List<String> bootvm(Machine machine, int card);

  /** The appliance's configuration of what it must do here besides HTTP and TFTP. */
  String configuration();

  @Override
  void close();

  /**
   * Where the parts of one test listen.
   *
   * @param http of the appliance
   * @param tftp of the appliance
   * @param admin of the appliance, on loopback
   * @param registry on loopback
   * @param grpc of the appliance
   */
  record Ports(int http, int tftp, int admin, int registry, int grpc) {}
}
