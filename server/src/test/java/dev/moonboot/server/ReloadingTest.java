package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.Configuration;
import dev.moonboot.release.FollowListener;
import dev.moonboot.server.Reloading.Change;
import dev.moonboot.server.Reloading.Outcome;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadingTest {
  @TempDir Path folder;

  private interface Check {
    void of(Appliance appliance, Reloading reloading) throws IOException;
  }

  private Path write(String follow, String http) throws IOException {
    return Files.writeString(
        folder.resolve("moonboot.yaml"),
        """
        data: %s
        cache: cache
        state: state
        channels: {custom: {image: "127.0.0.1:1/demo/installer:stable", arch: amd64}}
        registry: {plain-http: ["127.0.0.1:1"]}
        follow: {every: %s}
        http: {address: "%s"}
        admin: {address: "127.0.0.1:0"}
        tftp: {enabled: false}
        """
            .formatted(Path.of("../profiles/minimal").toAbsolutePath(), follow, http));
  }

  private void running(Check check) throws IOException {
    Path config = write("1h", "127.0.0.1:0");
    var read = Configuration.load(config, Map.of(), ApplianceConfig::read);
    try (Appliance appliance = Appliance.start(read.value(), FollowListener.NONE)) {
      check.of(
          appliance,
          new Reloading(
              () -> Configuration.load(config, Map.of(), ApplianceConfig::read), read, appliance));
    }
  }

  private static String configuration(Appliance appliance) {
    return appliance.health().live().stream()
        .filter(check -> check.part().equals("configuration") && check.ok())
        .findFirst()
        .orElseThrow()
        .detail();
  }

  private static int status(Appliance appliance) throws IOException {
    URI url = URI.create("http://127.0.0.1:" + appliance.bootAddress().getPort() + "/livez");
    var connection = (HttpURLConnection) url.toURL().openConnection();
    connection.setRequestProperty("Connection", "close");
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  @Test
  void f_03_a_bad_configuration_leaves_the_old_one_wholly_in_force() throws IOException {
    running((appliance, reloading) -> {
      write("2h", "nowhere");
      var refused = assertInstanceOf(Outcome.Refused.class, reloading.reload());
      assertEquals(1, refused.problems().size());
      assertTrue(refused.problems().getFirst().contains("http.address"), refused.toString());
      assertTrue(configuration(appliance).contains("refused, what was in force stays: "));
      assertTrue(configuration(appliance).contains("http.address"), configuration(appliance));
      assertTrue(
          appliance
              .meters()
              .scrape()
              .contains("moonboot_config_reloads_total{result=\"refused\"} 1"));
      assertEquals(200, status(appliance));

      write("1h", "127.0.0.1:0"); // as it was: nothing of the bad one stuck
      assertEquals(new Outcome.Applied(List.of(), List.of()), reloading.reload());
      assertTrue(configuration(appliance).endsWith(", in force"), configuration(appliance));
    });
  }

  @Test
  void f_03_a_configuration_that_is_gone_changes_nothing() throws IOException {
    running((appliance, reloading) -> {
      Files.delete(folder.resolve("moonboot.yaml"));
      assertInstanceOf(Outcome.Refused.class, reloading.reload());
      assertEquals(200, status(appliance));
    });
  }

  @Test
  void f_04_another_signature_policy_is_in_force_at_once_and_audited() throws IOException {
    running((appliance, reloading) -> {
      Path config = write("1h", "127.0.0.1:0");
      Files.writeString(config, Files.readString(config) + "trust: {default: 'off'}\n");
      Change trust = new Change("trust.default", "warn", "off");
      assertEquals(new Outcome.Applied(List.of(trust), List.of()), reloading.reload());
      assertTrue(audit().contains("config.reload"), audit());
      assertTrue(audit().contains("trust.default warn -> off"), audit());
    });
  }

  private String audit() throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.walk(folder.resolve("state/audit"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  @Test
  void f_04_what_can_be_is_in_force_at_once_and_the_rest_is_told_to_need_a_restart()
      throws IOException {
    running((appliance, reloading) -> {
      write("2h", "127.0.0.1:1");
      Change follow = new Change("follow.every", "1h", "2h");
      Change http = new Change("http.address", "127.0.0.1:0", "127.0.0.1:1");
      assertEquals(new Outcome.Applied(List.of(follow), List.of(http)), reloading.reload());
      assertTrue(
          configuration(appliance)
              .endsWith(", needs a restart: [http.address 127.0.0.1:0 -> 127.0.0.1:1]"),
          configuration(appliance));
      assertEquals(200, status(appliance));
      // what waits is told every time, what is in force is no news any more
      assertEquals(new Outcome.Applied(List.of(), List.of(http)), reloading.reload());
    });
  }
}
