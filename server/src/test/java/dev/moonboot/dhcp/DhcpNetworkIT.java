package dev.moonboot.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.dhcp.TestNode.Heard;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NetRange;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two machines on two cables: the appliance has srv0 (10.77.0.2) and srv1 (10.78.0.2), the other
 * end cli0 and cli1, which have no addresses until a test gives them one, as machines that boot.
 */
class DhcpNetworkIT {
  private static final String UEFI = "PXEClient:Arch:00007:UNDI:003000";
  private static final Duration MOMENT = Duration.ofMillis(700);

  private final NetworkNamespace server = NetworkNamespace.create();
  private final NetworkNamespace nodes = NetworkNamespace.create();
  private final Answers answers = new Answers();

  @BeforeEach
  void plug_in() {
    cable(0, "10.77.0.2/24");
    cable(1, "10.78.0.2/24");
  }

  private void cable(int number, String address) {
    String ours = "srv" + number;
    String theirs = "cli" + number;
    server.run(
        "ip", "link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", nodes.id());
    server.run("ip", "link", "set", ours, "up");
    server.run("ip", "addr", "add", address, "dev", ours);
    nodes.run("ip", "link", "set", theirs, "up");
  }

  @AfterEach
  void pull_out() {
    nodes.close();
    server.close();
  }

  private DhcpListener open(DhcpConfig config) {
    return server.call(() -> DhcpListener.open(config, answers.subjects()));
  }

  private static DhcpConfig on(String... interfaces) {
    DhcpConfig usual = DhcpConfig.on("srv0");
    return new DhcpConfig(
        List.of(interfaces),
        usual.mode(),
        usual.quirks(),
        true,
        true,
        List.of(NetRange.parse("10.77.0.0/24")),
        usual.rate(),
        usual.burst(),
        usual.delay());
  }

  /** Trap: a broadcast of a plain socket leaves by any interface, and may come in by any. */
  @Test
  void trap_20_an_answer_leaves_by_the_interface_that_was_asked() throws InterruptedException {
    try (var _ = open(on("srv0", "srv1"));
        var first = TestNode.at(nodes, "cli0", 68);
        var second = TestNode.at(nodes, "cli1", 68)) {
      second.broadcast(Packets.discover(UEFI, 7));
      assertEquals("10.78.0.2", second.next().packet().next().getHostAddress());
      assertEquals(Optional.empty(), first.soon(MOMENT));
      first.broadcast(Packets.ipxe());
      Heard answer = first.next();
      assertEquals("10.77.0.2", answer.packet().next().getHostAddress());
      assertEquals("10.77.0.2", answer.from().getAddress().getHostAddress());
      assertEquals(
          "http://10.77.0.2:8080/boot/52-54-00-e2-e0-01/autoexec.ipxe",
          answer.packet().text(Tag.BOOT_FILE));
      assertEquals(Optional.empty(), second.soon(MOMENT));
    }
  }

  @Test
  void an_answer_waits_as_long_as_it_is_told_to() throws InterruptedException {
    DhcpConfig usual = on("srv0");
    Duration delay = Duration.ofMillis(400);
    DhcpConfig slow =
        new DhcpConfig(
            usual.interfaces(),
            usual.mode(),
            usual.quirks(),
            true,
            true,
            List.of(),
            usual.rate(),
            usual.burst(),
            delay);
    try (var _ = open(slow);
        var node = TestNode.at(nodes, "cli0", 68)) {
      long sent = System.nanoTime();
      node.broadcast(Packets.ipxe());
      long waited = node.next().at() - sent;
      assertTrue(waited >= delay.toNanos(), waited / 1_000_000 + " ms");
    }
  }

  @Test
  void d_10_an_interface_that_is_not_named_is_not_answered() throws InterruptedException {
    try (var _ = open(on("srv0"));
        var node = TestNode.at(nodes, "cli1", 68)) {
      node.broadcast(Packets.discover(UEFI, 7));
      assertEquals(Optional.empty(), node.soon(MOMENT));
    }
  }

  @Test
  void uefi_asks_again_on_port_4011_and_is_answered_there() throws InterruptedException {
    try (var _ = open(on("srv0"));
        var before = TestNode.at(nodes, "cli0", 68)) {
      before.broadcast(Packets.discover(UEFI, 7));
      assertEquals(DhcpPacket.OFFER, before.next().packet().type());
      nodes.run("ip", "addr", "add", "10.77.0.141/24", "dev", "cli0");
      try (var after = TestNode.at(nodes, "cli0", 4011)) {
        after.send(
            Packets.request(DhcpPacket.ASK, UEFI, 7)
                .address(DhcpPacket.AT_CLIENT, TestNode.address("10.77.0.141")),
            new InetSocketAddress("10.77.0.2", 4011));
        Heard ack = after.next();
        assertEquals(DhcpPacket.ACK, ack.packet().type());
        assertEquals(new InetSocketAddress("10.77.0.2", 4011), ack.from());
        assertEquals("boot/52-54-00-e2-e0-01/ipxe-amd64.efi", ack.packet().file());
      }
      assertTrue(answers.sightings.byAddress("10.77.0.141").isPresent());
    }
  }

  @Test
  void d_07_a_relay_that_is_known_gets_the_answer() throws InterruptedException {
    nodes.run("ip", "addr", "add", "10.77.0.141/24", "dev", "cli0");
    InetSocketAddress ours = new InetSocketAddress("10.77.0.2", 67);
    try (var _ = open(on("srv0"));
        var relay = TestNode.at(nodes, "cli0", 67)) {
      Draft relayed = Packets.discover(UEFI, 7);
      relay.send(relayed.address(DhcpPacket.AT_RELAY, TestNode.address("10.99.0.1")), ours);
      relay.send(
          relayed
              .address(DhcpPacket.AT_RELAY, TestNode.address("10.77.0.141"))
              .option(Tag.RELAY, new byte[] {1, 1, 7}),
          ours);
      Heard answer = relay.next();
      assertEquals("10.77.0.141", answer.packet().relay().getHostAddress());
      assertEquals(Tag.RELAY, answer.packet().tags().getLast());
      assertEquals(Optional.empty(), relay.soon(MOMENT));
    }
  }

  /**
   * Trap: iPXE waits for a second or two, and a Java program is slow at first. Held in processor
   * time, because other tests may have the processors meanwhile.
   */
  @Test
  void trap_10_the_first_packet_is_answered_at_once() throws InterruptedException {
    try (var node = TestNode.at(nodes, "cli0", 68);
        var _ = open(on("srv0"))) {
      long before = cpuOfLoops();
      node.broadcast(Packets.ipxe());
      node.next();
      long millis = (cpuOfLoops() - before) / 1_000_000;
      System.out.println("trap_10 processor time until the first answer: " + millis + " ms");
      assertTrue(millis < 500, millis + " ms"); // a quiet machine takes less than 50
    }
  }

  /** Nanoseconds that the listener's thread and that of the node have taken together. */
  private static long cpuOfLoops() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().startsWith("dhcp-"))
        .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
        .sum();
  }

  /**
   * Ten thousand made-up nodes a second; the known one asks once a second, as iPXE does at first.
   */
  @Test
  void d_06_a_known_node_boots_in_a_flood() throws Exception {
    answers.selected.add(Packets.MAC);
    try (var _ = open(on("srv0"));
        var flood = TestNode.at(nodes, "cli0", 1068);
        var node = TestNode.at(nodes, "cli0", 68)) {
      var ended = new AtomicBoolean();
      Thread pouring = Thread.ofPlatform().start(() -> pour(flood, ended));
      try {
        await(() -> answers.meters.scrape().contains("{reason=\"rate\"}"));
        for (int boot = 0; boot < 3; boot++) {
          long asked = System.nanoTime();
          int tries = 1;
          while (!isOffered(node)) {
            assertTrue(tries++ < 3, "no offer within three seconds");
          }
          System.out.printf(
              "d_06 the known node had an offer after %d ms and %d tries%n",
              (System.nanoTime() - asked) / 1_000_000, tries);
        }
      } finally {
        ended.set(true);
        pouring.join();
      }
    }
  }

  private static void pour(TestNode from, AtomicBoolean ended) {
    Random random = new Random(6);
    byte[] mac = new byte[6];
    while (!ended.get()) {
      for (int i = 0; i < 100; i++) {
        random.nextBytes(mac);
        mac[0] = 2;
        from.pour(Packets.discover(UEFI, 7).bytes(DhcpPacket.AT_MAC, mac));
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  /** Asks, and waits for a second: among the answers to all the others. */
  private static boolean isOffered(TestNode node) throws InterruptedException {
    node.broadcast(Packets.discover(UEFI, 7));
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    while (System.nanoTime() < end) {
      var heard = node.soon(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      if (heard.filter(h -> h.packet().mac().equals(Packets.MAC)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  @Test
  void an_interface_may_come_later_go_and_change_its_address() throws InterruptedException {
    try (var listener = open(on("srv2"))) {
      assertEquals(
          "srv2 waiting why=\"there is no such interface, or it is down\"", listener.state());
      cable(2, "10.79.0.2/24");
      await(() -> listener.state().equals("srv2 10.79.0.2"));
      offered("10.79.0.2");
      server.run("ip", "addr", "add", "10.80.0.2/24", "dev", "srv2");
      server.run("ip", "addr", "del", "10.79.0.2/24", "dev", "srv2");
      await(() -> listener.state().equals("srv2 10.80.0.2"));
      offered("10.80.0.2");
      server.run("ip", "link", "del", "srv2");
      await(() -> listener.state().startsWith("srv2 waiting"));
      cable(2, "10.81.0.2/24");
      await(() -> listener.state().equals("srv2 10.81.0.2"));
      offered("10.81.0.2");
    }
  }

  private void offered(String server) throws InterruptedException {
    try (var node = TestNode.at(nodes, "cli2", 68)) {
      node.broadcast(
          Packets.discover(UEFI, 7).bytes(DhcpPacket.AT_MAC, Packets.octets(Probe.madeUp())));
      assertEquals(server, node.next().packet().next().getHostAddress());
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within twenty seconds");
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  @Test
  void d_08_a_server_that_answers_nodes_too_is_told_of() {
    nodes.run("ip", "addr", "add", "10.77.0.9/24", "dev", "cli0");
    try (var _ = open(on("srv0"));
        var foreign = TestNode.at(nodes, "cli0", 67)) {
      Draft offer =
          new Draft(DhcpPacket.REPLY)
              .bytes(DhcpPacket.AT_MAC, Packets.octets(Packets.MAC))
              .option(Tag.MESSAGE_TYPE, new byte[] {DhcpPacket.OFFER})
              .option(Tag.SERVER, new byte[] {10, 77, 0, 9});
      var everybody = new InetSocketAddress("255.255.255.255", 68);
      foreign.send(offer, everybody);
      foreign.send(offer.option(Tag.VENDOR_CLASS, Packets.text("PXEClient")), everybody);
      foreign.send(offer, everybody);
      await(() -> answers.meters.scrape().contains("moonboot_dhcp_foreign_total 2.0"));
      assertEquals(1, answers.audit.size());
      assertEquals("10.77.0.9", answers.audit.getFirst().details().get("server"));
    }
  }

  /** What the appliance itself sends comes back to it, and is no other server's. */
  @Test
  void d_08_our_own_offers_are_not_foreign() throws InterruptedException {
    try (var _ = open(on("srv0", "srv1"));
        var node = TestNode.at(nodes, "cli0", 68)) {
      node.broadcast(Packets.discover(UEFI, 7));
      node.next();
      assertEquals(Optional.empty(), node.soon(MOMENT));
      assertEquals(List.of(), answers.audit);
    }
  }

  @Test
  void a_port_that_somebody_has_is_told_with_what_to_do() {
    try (var _ = open(on("srv0"))) {
      var refused = assertThrows(DhcpException.class, () -> open(on("srv0")));
      assertEquals(
          "DHCP cannot listen on the interface srv0 (dhcp.interfaces): bind(..) failed with"
              + " error(-98): Address already in use; stop the DHCP or PXE server that has the"
              + " port here (ss -lupn shows it), or set dhcp.broadcast: false to use port 4011"
              + " only",
          refused.getMessage());
    }
  }

  @Test
  void beside_another_server_only_port_4011_is_listened_on() throws InterruptedException {
    DhcpConfig usual = on("srv0");
    DhcpConfig beside =
        new DhcpConfig(
            usual.interfaces(),
            usual.mode(),
            usual.quirks(),
            false,
            true,
            List.of(),
            usual.rate(),
            usual.burst(),
            usual.delay());
    nodes.run("ip", "addr", "add", "10.77.0.141/24", "dev", "cli0");
    try (var other = TestNode.at(server, "srv0", 67);
        var listener = open(beside);
        var node = TestNode.at(nodes, "cli0", 4011)) {
      assertEquals(List.of(4011), listener.addresses().stream().map(a -> a.getPort()).toList());
      node.broadcast(Packets.discover(UEFI, 7));
      assertEquals(DhcpPacket.DISCOVER, other.next().packet().type());
      node.send(Packets.request(DhcpPacket.ASK, UEFI, 7), new InetSocketAddress("10.77.0.2", 4011));
      assertEquals(DhcpPacket.ACK, node.next().packet().type());
    }
  }

  @Test
  void a_probe_sees_who_answers() {
    nodes.run("ip", "addr", "add", "10.77.0.9/24", "dev", "cli0");
    MacAddress mac = Probe.madeUp();
    try (var _ = open(on("srv0"))) {
      List<Probe.Found> found =
          nodes.call(
              () -> new Probe("cli0", mac).ask(Probe.As.UEFI_HTTP_ARM64, Duration.ofMillis(1500)));
      assertEquals(
          List.of(
              new Probe.Found(
                  "10.77.0.2",
                  "10.77.0.2",
                  "",
                  "10.77.0.2",
                  "http://10.77.0.2:8080/boot/" + mac.hyphenated() + "/ipxe-arm64.efi",
                  "HTTPClient")),
          found);
      assertTrue(found.getFirst().boots());
    }
  }

  /** Whoever runs it on the appliance's own machine wants to see the appliance, too. */
  @Test
  void a_probe_sees_its_own_machine() {
    try (var _ = open(on("srv0"))) {
      List<Probe.Found> found =
          server.call(() ->
              new Probe("srv0", Probe.madeUp()).ask(Probe.As.BIOS_PXE, Duration.ofMillis(1500)));
      assertEquals(List.of("10.77.0.2"), found.stream().map(Probe.Found::server).toList());
    }
  }

  @Test
  void a_probe_of_no_interface_says_so() {
    var refused =
        assertThrows(
            DhcpException.class,
            () ->
                nodes.call(() ->
                    new Probe("cli9", Probe.madeUp())
                        .ask(Probe.As.BIOS_PXE, Duration.ofMillis(100))));
    assertTrue(refused.toString().contains("interface cli9"), refused::toString);
  }
}
