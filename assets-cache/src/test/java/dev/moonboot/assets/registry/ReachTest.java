package dev.moonboot.assets.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, LOOPBACK",
    "127.255.255.254, LOOPBACK",
    "::1, LOOPBACK",
    "::ffff:127.0.0.1, LOOPBACK",
    "::127.0.0.1, LOOPBACK",
    "64:ff9b::7f00:1, LOOPBACK",
    "10.0.0.1, PRIVATE",
    "172.16.0.1, PRIVATE",
    "172.31.255.255, PRIVATE",
    "172.32.0.0, PUBLIC",
    "192.168.0.1, PRIVATE",
    "100.64.0.1, PRIVATE",
    "100.128.0.1, PUBLIC",
    "fd12::1, PRIVATE",
    "2002:a00:1::, PRIVATE",
    "64:ff9b::a00:1, PRIVATE",
    "8.8.8.8, PUBLIC",
    "2001:4860:4860::8888, PUBLIC",
    "0.0.0.0, FORBIDDEN",
    "::, FORBIDDEN",
    "169.254.169.254, FORBIDDEN",
    "::ffff:169.254.169.254, FORBIDDEN",
    "64:ff9b::a9fe:a9fe, FORBIDDEN",
    "2002:a9fe:a9fe::, FORBIDDEN",
    "fe80::1, FORBIDDEN",
    "fd00:ec2::254, FORBIDDEN",
    "100.100.100.200, FORBIDDEN",
    "224.0.0.1, FORBIDDEN",
    "255.255.255.255, FORBIDDEN",
    "ff02::1, FORBIDDEN",
  })
  void every_address_has_its_reach(String address, Reach reach) {
    assertEquals(reach, Reach.of(InetAddress.ofLiteral(address)));
  }

  @Test
  void domains_are_shared_as_the_public_suffix_list_has_it() {
    assertTrue(Hosts.shareDomain("auth.docker.io", "registry-1.docker.io"));
    assertTrue(Hosts.shareDomain("gitlab.com", "registry.gitlab.com"));
    assertFalse(Hosts.shareDomain("a.co.uk", "b.co.uk"));
    assertFalse(Hosts.shareDomain("a.github.io", "b.github.io"));
    assertFalse(Hosts.shareDomain("evil-docker.io", "docker.io"));
    assertFalse(Hosts.shareDomain("10.0.0.1", "11.0.0.1"));
    assertFalse(Hosts.shareDomain("localhost", "other"));
  }
}
