package dev.moonboot.boot;

/** Scripts for iPXE, byte for byte as matchbox writes them. Text is UTF-8 with line feeds. */
public final class IpxeScript {
  /**
   * What every node is sent first: it comes back with its labels. The URL is relative, so it works
   * under any address and path.
   */
  public static final String CHAIN =
      """
      #!ipxe
      chain ipxe?uuid=${uuid}&mac=${mac:hexhyp}&domain=${domain}&hostname=${hostname}\
      &serial=${serial}&arch=${buildarch:uristring}
      """;

  private IpxeScript() {}

  /** The script that boots the plan; nothing is quoted or escaped. */
  public static String render(BootPlan plan) {
    StringBuilder script = new StringBuilder("#!ipxe\nkernel ").append(plan.kernel());
    plan.args().forEach(arg -> script.append(' ').append(arg));
    script.append('\n');
    plan.initrd().forEach(initrd -> script.append("initrd ").append(initrd).append('\n'));
    return script.append("boot\n").toString();
  }
}
