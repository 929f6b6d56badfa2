package dev.moonboot.firmware;

import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Neighbours;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.node.Sightings;
import dev.moonboot.profile.FirstFile;
import java.net.InetAddress;
import java.util.function.Function;

/**
 * What firmware is told to load first. The names hold the node's hardware address, so whoever comes
 * back by them is known without being asked, and what lies beside the first file is the node's own.
 */
public final class FirstFiles {
  /** Where the files of one node stand, over TFTP and HTTP: {@code boot/52-54-00-a1-9c-ae/…}. */
  static final String FOLDER = "boot/";

  private final BaseUrls urls;
  private final KnownNodes nodes;
  private final Function<NodeLabels, FirstFile> choice;

  /**
   * @param choice what the node with these labels is to load first
   */
  public FirstFiles(BaseUrls urls, KnownNodes nodes, Function<NodeLabels, FirstFile> choice) {
    this.urls = urls;
    this.nodes = nodes;
    this.choice = choice;
  }

  /** One that has all load iPXE. */
  public FirstFiles(BaseUrls urls) {
    this(urls, new KnownNodes(new Sightings(), new Neighbours()), _ -> FirstFile.IPXE);
  }

  /**
   * The path to ask TFTP for: {@code boot/52-54-00-a1-9c-ae/ipxe-amd64.efi}.
   *
   * @param said the labels that the node's packet tells ({@code uuid}, {@code serial} …), besides
   *     what was seen of it before
   */
  public String overTftp(Platform platform, MacAddress mac, NodeLabels said) {
    return path(platform, mac, choice.apply(nodes.labels(mac, platform.arch(), said)));
  }

  /** As {@link #overTftp(Platform, MacAddress, NodeLabels)}, for a packet that tells nothing. */
  public String overTftp(Platform platform, MacAddress mac) {
    return overTftp(platform, mac, NodeLabels.NONE);
  }

  /**
   * The absolute URL, with an address and no host name unless one is advertised.
   *
   * @param said as for {@link #overTftp(Platform, MacAddress, NodeLabels)}
   * @param here our address on the node's network
   */
  public String overHttp(Platform platform, MacAddress mac, NodeLabels said, InetAddress here) {
    return urls.at(here) + "/" + overTftp(platform, mac, said);
  }

  /** As above, for a packet that tells nothing. */
  public String overHttp(Platform platform, MacAddress mac, InetAddress here) {
    return overHttp(platform, mac, NodeLabels.NONE, here);
  }

  /** The URL of the script for a node that runs iPXE already. */
  public String script(MacAddress mac, InetAddress here) {
    return urls.at(here) + "/" + folder(mac) + AutoexecScript.NAME;
  }

  private static String folder(MacAddress mac) {
    return FOLDER + mac.hyphenated() + "/";
  }

  /** A BIOS cannot start an EFI program, whatever the profile wants. */
  static boolean isUki(Platform platform, FirstFile first) {
    return first == FirstFile.UKI && platform != Platform.BIOS;
  }

  /** Where the first file stands, below the root. */
  static String path(Platform platform, MacAddress mac, FirstFile first) {
    return folder(mac)
        + (isUki(platform, first) ? UkiNames.of(platform.arch()) : platform.program());
  }
}
