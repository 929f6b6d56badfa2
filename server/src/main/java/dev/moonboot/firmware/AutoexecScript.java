package dev.moonboot.firmware;

import dev.moonboot.node.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * What iPXE runs first: it finds this beside its own binary (interface/efi/efi_autoexec.c), so that
 * nothing has to be patched into a binary, signed or not. It brings the network up and goes on with
 * the script of the node. Within 2 KiB; LF, and no control characters.
 */
public final class AutoexecScript {
  /** The name that iPXE asks for, beside itself and at the root. */
  static final String NAME = "autoexec.ipxe";

  /** Told beside what matchbox's chain tells; free text, so escaped for URLs. */
  private static final String MORE =
      "&product=${product:uristring}&manufacturer=${manufacturer:uristring}"
          + "&asset=${asset:uristring}&platform=${platform}";

  private AutoexecScript() {}

  /**
   * The script.
   *
   * <p>Firmware that loaded iPXE over HTTP leaves it an address, but no open interface: a request
   * would find no network until its connection timed out.
   *
   * @param base the URL under which the node reaches us
   * @param mac of the node; null where it is not known, and iPXE tells that of the interface that
   *     it opened last
   */
  public static String of(String base, @Nullable MacAddress mac) {
    String known = mac == null ? "${mac:hexhyp}" : mac.hyphenated();
    return """
    #!ipxe
    set base %s
    set arch ${buildarch}
    iseq ${arch} i386 && cpuid --ext 29 && set arch x86_64 ||
    set pause:int32 1
    isset ${ip} && ifopen && goto ask ||
    :net
    set i:int32 0
    :nic
    isset ${net${i}/mac} || goto any
    iseq ${net${i}/mac:hexhyp} %s && dhcp net${i} && goto ask ||
    inc i
    goto nic
    :any
    dhcp || goto again
    :ask
    chain --autofree --replace ${base}/ipxe?uuid=${uuid}&mac=%s&domain=${domain:uristring}\
    &hostname=${hostname:uristring}&serial=${serial:uristring}&arch=${arch:uristring}%s ||
    :again
    iseq ${pause} 64 && goto fail ||
    echo moonboot: no boot script from ${base} yet, again in ${pause} s
    sleep ${pause}
    inc pause ${pause}
    goto net
    :fail
    echo
    echo moonboot: no boot script from ${base}. This machine has:
    ifstat ||
    route ||
    echo Can it reach that address, and does a group select it?
    echo On the server: moonboot admin explain --mac %s
    prompt --key s --timeout 60000 Press s for a shell, else it restarts in a minute && shell ||
    sleep 10
    reboot ||
    exit 1
    """
        .formatted(base, known, known, MORE, known);
  }
}
