package dev.moonboot.firmware;

import dev.moonboot.node.MacAddress;
import java.net.InetAddress;

/**
 * What firmware is told to load first. The names hold the node's hardware address, so whoever comes
 * back by them is known without being asked, and what lies beside the first file is the node's own.
 */
public final class FirstFiles {
  /** Where the files of one node stand, over TFTP and HTTP: {@code boot/52-54-00-a1-9c-ae/…}. */
  static final String FOLDER = "boot/";

  private final BaseUrls urls;

  public FirstFiles(BaseUrls urls) {
    this.urls = urls;
  }

  /** The path to ask TFTP for: {@code boot/52-54-00-a1-9c-ae/ipxe-amd64.efi}. */
  public String overTftp(Platform platform, MacAddress mac) {
    return FOLDER + mac.hyphenated() + "/" + platform.program();
  }

  /**
   * The absolute URL, with an address and no host name unless one is advertised.
   *
   * @param here our address on the node's network
   */
  public String overHttp(Platform platform, MacAddress mac, InetAddress here) {
    return urls.at(here) + "/" + overTftp(platform, mac);
  }

  /** The URL of the script for a node that runs iPXE already. */
  public String script(MacAddress mac, InetAddress here) {
    return urls.at(here) + "/" + FOLDER + mac.hyphenated() + "/autoexec.ipxe";
  }
}
