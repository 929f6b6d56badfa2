package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a network of its own, beside real DHCP servers that do right and wrong. */
class DoctorIT {
  private static final Path TUN = Path.of("/dev/net/tun");
  private static final Path LAB = Path.of("src/e2e/e2enet").toAbsolutePath();

  /** Each part begins with a line of its own; dnsmasq is the site's router. */
  private static final String SCRIPT =
      """
      site() {
        ip netns exec doc-lan dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= \\
          --user=root --port=0 --interface=br0 --bind-interfaces --no-ping --dhcp-leasefile=leases \\
          --dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h "$@" 2>>dnsmasq.log &
        site=$!
      }
      alone() { kill $site; wait $site; }
      doctor() {
        echo "== $1"; shift
        ip netns exec doc-srv "$MOONBOOT" doctor --config moonboot.yaml --timeout 2 "$@"
        echo "exit $?"
      }
      doctor nobody
      site; doctor router; alone
      site --dhcp-option-force=60,PXEClient; doctor echo; alone
      site --dhcp-boot=pxelinux.0,,10.77.0.9; doctor other; alone
      site
      ip netns exec doc-srv "$MOONBOOT" serve --config moonboot.yaml >serve.log 2>&1 &
      serve=$!
      until grep -q ' serving ' serve.log || ! kill -0 $serve; do sleep 0.2; done
      doctor served --mac 52:54:00:a1:9c:ae
      """;

  @TempDir private Path folder;

  private List<String> part(List<String> said, String name) {
    int from = said.indexOf("== " + name) + 1;
    assertTrue(from > 0, said.toString());
    return said.subList(from, said.size()).stream()
        .takeWhile(line -> !line.startsWith("== "))
        .toList();
  }

  private static List<String> dhcp(List<String> part) {
    return part.stream().filter(line -> line.matches("(ok|warn|fail) +dhcp eth0.*")).toList();
  }

  private List<String> run() throws Exception {
    Requires.that(Files.isWritable(TUN), "/dev/net/tun cannot be opened");
    Requires.program("dnsmasq");
    for (String kind : List.of("groups", "profiles")) {
      Files.createDirectories(folder.resolve("data").resolve(kind));
    }
    Files.createDirectories(folder.resolve("ipxe"));
    Files.writeString(folder.resolve("ipxe/undionly.kpxe"), "bios");
    Files.writeString(folder.resolve("ipxe/ipxe-amd64.efi"), "uefi");
    Files.writeString(
        folder.resolve("moonboot.yaml"),
        """
        data: data
        cache: cache
        state: state
        http: {address: "0.0.0.0:80"}
        dhcp: {interfaces: [eth0]}
        loaders: {folder: ipxe}
        """);
    var builder =
        new ProcessBuilder(LAB.toString(), "doc", "bash", "-c", SCRIPT)
            .directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().put("MOONBOOT", Moonboot.SCRIPT.toString());
    Process lab = builder.start();
    lab.getOutputStream().close();
    List<String> said = new String(lab.getInputStream().readAllBytes(), UTF_8).lines().toList();
    lab.waitFor();
    return said;
  }

  @Test
  void says_who_answers_and_what_a_node_gets() throws Exception {
    List<String> said = run();
    String addresses = "ok    dhcp eth0: 10.77.0.1 offers addresses";
    String next =
        "ok    dhcp eth0: 10.77.0.1 names 10.77.0.1 as next server: U-Boot and GRUB ask that for"
            + " files, so set it to this machine if there are such nodes (moonboot dhcp-snippet)";
    assertEquals(
        List.of(
            "fail  dhcp eth0: nobody offers an address; moonboot hands out none: is the site's DHCP"
                + " server on this network (VLAN)?"),
        dhcp(part(said, "nobody")));
    assertEquals(List.of(addresses, next), dhcp(part(said, "router")));
    assertEquals(
        List.of(
            addresses,
            "warn  dhcp eth0: 10.77.0.1 calls itself PXEClient and names no file: UEFI may ask it"
                + " instead; set dhcp.mode: direct, or take option 60 out there"),
        dhcp(part(said, "echo")));
    assertTrue(
        part(said, "other")
            .contains(
                "fail  dhcp eth0 BIOS: 10.77.0.1 tells BIOS to load pxelinux.0 from 10.77.0.9; take"
                    + " the boot options out there"),
        said.toString());
    List<String> served = part(said, "served");
    assertEquals(
        List.of(
            addresses,
            next,
            "ok    dhcp eth0 BIOS: moonboot answers",
            "ok    dhcp eth0 UEFI amd64: moonboot answers",
            "ok    dhcp eth0 UEFI arm64: moonboot answers",
            "ok    dhcp eth0 UEFI HTTP amd64: moonboot answers"),
        dhcp(served));
    assertEquals(
        List.of(
            " 1. ok    dhcp BIOS: boot/52-54-00-a1-9c-ae/undionly.kpxe",
            " 2. ok    tftp boot/52-54-00-a1-9c-ae/undionly.kpxe: 4 bytes",
            " 3. ok    dhcp UEFI PXE: boot/52-54-00-a1-9c-ae/ipxe-amd64.efi",
            " 4. ok    tftp boot/52-54-00-a1-9c-ae/ipxe-amd64.efi: 4 bytes",
            " 5. ok    dhcp UEFI HTTP: http://10.77.0.2/boot/52-54-00-a1-9c-ae/ipxe-amd64.efi",
            " 6. ok    http /boot/52-54-00-a1-9c-ae/ipxe-amd64.efi: 4 bytes",
            " 7. ok    dhcp iPXE: http://10.77.0.2/boot/52-54-00-a1-9c-ae/autoexec.ipxe"),
        served.stream().filter(line -> line.matches(" [1-7]\\. .*")).toList());
    assertTrue(
        served.stream()
            .anyMatch(line -> line.matches(".* fail +script /ipxe: 404: .*<-- here it ends")),
        served.toString());
    assertTrue(served.contains("exit 1"), served.toString());
  }
}
