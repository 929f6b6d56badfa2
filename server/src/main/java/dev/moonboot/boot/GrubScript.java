package dev.moonboot.boot;

/** Configuration for GRUB 2, byte for byte as matchbox writes it. Text is UTF-8 with line feeds. */
public final class GrubScript {
  private GrubScript() {}

  /** The configuration that boots the plan: an entry for UEFI, then one for BIOS. */
  public static String render(BootPlan plan) {
    StringBuilder kernel = new StringBuilder(quoted(plan.kernel()));
    plan.args().forEach(arg -> kernel.append(' ').append(arg));
    StringBuilder initrd = new StringBuilder();
    plan.initrd().forEach(entry -> initrd.append(' ').append(quoted(entry)));
    return "default=0\nfallback=1\ntimeout=1\n"
        + entry("EFI", "linuxefi " + kernel, "initrdefi " + initrd)
        + entry("BIOS", "linux " + kernel, "initrd " + initrd);
  }

  private static String entry(String firmware, String kernelLine, String initrdLine) {
    return """
    menuentry "CoreOS (%s)" {
    echo "Loading kernel"
    %s
    echo "Loading initrd"
    """
            .formatted(firmware, kernelLine)
        + initrdLine
        + "\n}\n";
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
