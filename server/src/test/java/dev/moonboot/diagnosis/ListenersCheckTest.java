package dev.moonboot.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenersCheckTest {
  private static final String MOONBOOT = "/usr/bin/java -Dmoonboot.home=/usr/lib/moonboot -jar x";

  @TempDir private Path folder;

  private static Configured service(List<String> dhcp) {
    return new Configured(
        new InetSocketAddress(8080),
        false,
        List.of(),
        null,
        false,
        new InetSocketAddress(69),
        dhcp,
        true,
        true,
        false,
        List.of());
  }

  private List<String> lines(FakeKernel kernel, List<String> dhcp) {
    return new ListenersCheck(service(dhcp), kernel.kernel())
        .look().stream().map(Finding::line).toList();
  }

  @Test
  void nobody_has_the_ports_of_a_service_that_does_not_run() {
    assertEquals(
        List.of(
            "warn  service: moonboot does not run here; start it: systemctl start moonboot",
            "ok    listener http.address: tcp port 8080 is free",
            "ok    listener tftp.address: udp port 69 is free"),
        lines(new FakeKernel(folder), List.of()));
  }

  @Test
  void who_has_a_port_is_told_with_its_pid() {
    FakeKernel kernel =
        new FakeKernel(folder)
            .socket("tcp6", 8080, 11)
            .process(42, MOONBOOT, 11)
            .socket("udp", 69, 12)
            .process(43, "/usr/sbin/in.tftpd -l", 12);
    assertEquals(
        List.of(
            "ok    listener http.address: tcp port 8080 is listened at by moonboot (pid 42)",
            "fail  listener tftp.address: udp port 69 is taken by in.tftpd (pid 43); stop that, or"
                + " set another address (tftp.address)"),
        lines(kernel, List.of()));
  }

  @Test
  void a_port_that_the_running_service_has_not_is_a_failure() {
    FakeKernel kernel = new FakeKernel(folder).socket("tcp", 8080, 11).process(42, MOONBOOT, 11);
    assertEquals(
        List.of(
            "ok    listener http.address: tcp port 8080 is listened at by moonboot (pid 42)",
            "fail  listener tftp.address: udp port 69 is nobody's, and moonboot runs; it runs with"
                + " another configuration; restart it",
            "fail  listener dhcp:67: udp port 67 is nobody's, and moonboot runs; it runs with another"
                + " configuration; restart it",
            "fail  listener dhcp:4011: udp port 4011 is nobody's, and moonboot runs; it runs with another"
                + " configuration; restart it"),
        lines(kernel, List.of("eth1")));
  }

  @Test
  void whose_a_port_is_cannot_always_be_seen() {
    FakeKernel kernel = new FakeKernel(folder).socket("udp", 69, 12);
    assertEquals(
        List.of(
            "ok    listener http.address: tcp port 8080 is free",
            "warn  listener tftp.address: udp port 69 is taken by a process of another user; see"
                + " whose, as root"),
        lines(kernel, List.of()));
  }
}
