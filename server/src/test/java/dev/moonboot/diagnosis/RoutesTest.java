package dev.moonboot.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.Inet4Address;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesTest {
  private static final String HEAD =
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

  @TempDir private Path folder;

  private Routes routes(String... lines) {
    return Routes.of(
        new FakeKernel(folder).file("net/route", HEAD + String.join("\n", lines)).kernel());
  }

  private static Optional<String> to(Routes routes, String address) {
    return routes.to(Inet4Address.ofLiteral(address)).map(Routes.Route::link);
  }

  @Test
  void the_longest_prefix_and_then_the_lowest_metric_counts() {
    Routes routes =
        routes(
            "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0",
            "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0",
            "eth1\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0",
            "eth2\t00004D0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0");
    assertEquals(Optional.of("eth0"), routes.standard().map(Routes.Route::link));
    assertEquals("/192.168.1.1", routes.standard().orElseThrow().via().orElseThrow().toString());
    assertEquals(Optional.of("eth0"), to(routes, "255.255.255.255"));
    assertEquals(Optional.of("eth1"), to(routes, "10.1.2.3"));
    assertEquals(Optional.of("eth2"), to(routes, "10.77.0.9"));
  }

  @Test
  void a_machine_without_routes_sends_nowhere() {
    assertEquals(Optional.empty(), to(routes(), "255.255.255.255"));
    assertEquals(Optional.empty(), routes().standard());
  }
}
