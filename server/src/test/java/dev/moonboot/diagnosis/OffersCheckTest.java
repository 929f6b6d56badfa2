package dev.moonboot.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OffersCheckTest {
  private static final String US = "10.77.0.2";
  private static final Offered ROUTER = new Offered("10.77.0.1", "10.77.0.99", US, "", "");
  private static final Offered OURS = new Offered(US, "", US, "boot/x/ipxe-amd64.efi", "PXEClient");

  private static List<String> lines(boolean answering, Offered... offers) throws Exception {
    OfferProbe probe = (_, _) -> new OfferProbe.Outcome.Offers(List.of(offers));
    return new OffersCheck(List.of("eth1"), answering, Set.of(US), probe)
        .look().stream()
            .map(Finding::line)
            .filter(line -> !line.matches(".*(BIOS|arm64|HTTP).*")) // all are treated alike
            .toList();
  }

  @Test
  void a_plain_router_and_moonboot_are_how_it_should_be() throws Exception {
    assertEquals(
        List.of(
            "ok    dhcp eth1: 10.77.0.1 offers addresses",
            "ok    dhcp eth1: 10.77.0.1 names this machine as next server",
            "ok    dhcp eth1 UEFI amd64: moonboot answers"),
        lines(true, ROUTER, OURS));
  }

  @Test
  void moonboot_hands_out_no_addresses() throws Exception {
    assertEquals(
        List.of(
            "fail  dhcp eth1: nobody offers an address; moonboot hands out none: is the site's DHCP"
                + " server on this network (VLAN)?",
            "ok    dhcp eth1 UEFI amd64: moonboot answers"),
        lines(true, OURS));
  }

  @Test
  void a_running_moonboot_that_is_not_heard_is_a_failure() throws Exception {
    assertEquals(
        List.of(
            "ok    dhcp eth1: 10.77.0.1 offers addresses",
            "ok    dhcp eth1: 10.77.0.1 names this machine as next server",
            "fail  dhcp eth1 UEFI amd64: moonboot does not answer; see its log: moonboot admin"
                + " boots; or a firewall, or another interface"),
        lines(true, ROUTER));
  }

  @Test
  void a_router_that_calls_itself_a_boot_server_beats_binl() throws Exception {
    assertEquals(
        List.of(
            "ok    dhcp eth1: 10.77.0.1 offers addresses",
            "warn  dhcp eth1: 10.77.0.1 calls itself PXEClient and names no file: UEFI may ask it"
                + " instead; set dhcp.mode: direct, or take option 60 out there"),
        lines(false, new Offered("10.77.0.1", "10.77.0.99", "", "", "PXEClient")));
  }

  @Test
  void who_sends_nodes_elsewhere_is_named() throws Exception {
    assertEquals(
        List.of(
            "ok    dhcp eth1: 10.77.0.1 offers addresses",
            "fail  dhcp eth1 UEFI amd64: 10.77.0.1 tells UEFI amd64 to load pxelinux.0 from"
                + " 10.77.0.9; take the boot options out there",
            "fail  dhcp eth1 UEFI amd64: 10.77.0.8 tells UEFI amd64 to load snponly.efi from"
                + " 10.77.0.8; stop that proxy, or be silent here"),
        lines(
            false,
            new Offered("10.77.0.1", "10.77.0.99", "10.77.0.9", "pxelinux.0", ""),
            new Offered("10.77.0.8", "", "10.77.0.8", "snponly.efi", "PXEClient")));
  }

  @Test
  void a_snippet_in_the_sites_server_is_no_foreign_offer() throws Exception {
    assertEquals(
        List.of(
            "ok    dhcp eth1: 10.77.0.1 offers addresses",
            "ok    dhcp eth1 UEFI amd64: 10.77.0.1 tells UEFI amd64 to load"
                + " http://10.77.0.2:8080/boot.ipxe from nobody, which is this machine"),
        lines(
            false,
            new Offered("10.77.0.1", "10.77.0.99", "", "http://10.77.0.2:8080/boot.ipxe", "")));
  }

  @Test
  void u_boot_needs_a_next_server_that_is_this_machine() throws Exception {
    assertEquals(
        List.of(
            "ok    dhcp eth1: 10.77.0.1 offers addresses",
            "ok    dhcp eth1: 10.77.0.1 names nobody as next server: U-Boot and GRUB ask that for"
                + " files, so set it to this machine if there are such nodes (moonboot"
                + " dhcp-snippet)"),
        lines(false, new Offered("10.77.0.1", "10.77.0.99", "", "", "")));
  }

  @Test
  void an_interface_that_cannot_be_asked_is_no_failure_of_the_network() throws Exception {
    OfferProbe probe = (_, _) -> new OfferProbe.Outcome.Unusable("not permitted; are you root?");
    assertEquals(
        List.of("warn  dhcp eth1: cannot be asked: not permitted; are you root?"),
        new OffersCheck(List.of("eth1"), true, Set.of(US), probe)
            .look().stream().map(Finding::line).toList());
  }
}
