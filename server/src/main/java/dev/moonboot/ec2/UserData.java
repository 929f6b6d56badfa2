package dev.moonboot.ec2;

import dev.moonboot.assets.Arch;
import java.util.Optional;

/**
 * The user data of an EC2 instance that boots the iPXE AMI: a script that asks for the node's own.
 *
 * <p>The AMI configures all network interfaces, reads the user data and runs it. No file of the
 * firmware has to be served, and nothing of this is secret: every process of the instance may read
 * its user data.
 *
 * @param server how its nodes reach moonboot
 * @param arch the only architecture it is for; empty for any
 * @param console what Linux calls the serial console, for the reader
 */
public record UserData(ServerUrl server, Optional<Arch> arch, String console) {
  /** EC2 takes no more: 16 KiB, before it is encoded in base64. */
  public static final int MOST_BYTES = 16 * 1024;

  /** What Linux calls EC2's serial console, on both architectures. */
  public static final String CONSOLE = "ttyS0";

  private static final String SCRIPT =
      """
      #!ipxe
      # User data for the iPXE AMI, written by: moonboot ec2 user-data
      #
      # Kernel arguments that the profile needs, since this script is the user data:
      #   talos.platform=metal: with "aws" Talos would read this script as its machine config
      #   talos.config={config-url}, or another URL: without one Talos waits in maintenance mode
      #   console=CONSOLE: or "Get system log" shows nothing of the kernel
      #   net.ifnames=0 nvme_core.io_timeout=4294967295: as Talos's own AMI has them
      #
      # IMDSv2: AMIs made before iPXE could ask for a token (July 2026) read user data only where the
      # instance allows IMDSv1 (HttpTokens=optional). Newer ones work with HttpTokens=required; the
      # hop limit 1 is enough. Keep secrets out: every process of the instance can read this.
      #
      # Labels that groups can select: asset is the instance id (i-...), product the instance type
      # (t4g.small), serial and uuid begin with "ec2".
      set server SERVER
      set tries:int32 0
      GUARD:again
      chain ${server}/ipxe?mac=${net0/mac:hexhyp}&uuid=${uuid}&serial=${serial:uristring}\
      &product=${product:uristring}&manufacturer=${manufacturer:uristring}\
      &asset=${smbios/2.8.0:uristring}&arch=${buildarch:uristring}\
      &platform=${platform:uristring} && exit 0 ||
      inc tries
      echo moonboot: no boot from ${server} (try ${tries}): see the line above, the security group, and its log
      iseq ${tries} 60 && reboot ||
      sleep 5
      goto again
      """;

  private static final String GUARD =
      """
      iseq ${buildarch} NAME && goto again ||
      OTHER:wrong_arch
      echo moonboot: this user data is for ARCH, and this iPXE was built for ${buildarch}
      sleep 60
      goto wrong_arch
      """;

  /** The script, in ASCII. */
  public String script() {
    return SCRIPT
        .replace("SERVER", server.text())
        .replace("CONSOLE", console)
        .replace("GUARD", arch.map(UserData::guard).orElse(""));
  }

  private static String guard(Arch arch) {
    boolean amd64 = arch == Arch.AMD64;
    return GUARD
        .replace("NAME", amd64 ? "x86_64" : arch.id())
        .replace("OTHER", amd64 ? "iseq ${buildarch} i386 && goto again ||\n" : "")
        .replace("ARCH", arch.id());
  }
}
