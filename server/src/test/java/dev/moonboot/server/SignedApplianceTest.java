package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.config.Configuration;
import dev.moonboot.http.RawClient;
import dev.moonboot.openpgp.GnuPg;
import dev.moonboot.release.FollowListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole appliance that is told of a key ring and a butane program in its configuration. */
class SignedApplianceTest {
  private static final String GOOD = "boot@x version=4 hash=8 class=01";

  @TempDir Path folder;

  private Path write(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, text);
  }

  @Test
  void signs_scripts_and_what_butane_made() throws Exception {
    write("data/groups/all.json", "{\"profile\":\"p\"}");
    write(
        "data/profiles/p.json",
        "{\"id\":\"p\",\"ignition_id\":\"p.yaml\",\"boot\":{\"kernel\":\"/k\"}}");
    write("data/ignition/p.yaml", "variant: flatcar\nversion: {{.request.query.version}}\n");
    Path butane =
        write(
            "butane",
            """
            #!/bin/bash
            [ "$(/bin/cat)" = $'variant: flatcar\\nversion: 1.1.0' ] || exit 1
            echo '{"ignition":{"version":"3.4.0"}}'
            """);
    Files.setPosixFilePermissions(butane, PosixFilePermissions.fromString("rwx------"));
    Path passphrase = write("passphrase", "open sesame\n");
    Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));
    try (GnuPg gpg = new GnuPg(folder)) {
      gpg.generate("boot@x", "rsa2048", "open sesame");
      Path config =
          write(
              "moonboot.yaml",
              """
              data: data
              cache: cache
              state: state
              http: {address: "127.0.0.1:0"}
              admin: {enabled: false}
              tftp: {enabled: false}
              provision: {butane: %s}
              signing: {key-ring: %s, passphrase-file: passphrase}
              """
                  .formatted(butane, gpg.export("boot@x", "open sesame")));
      var read = Configuration.load(config, Map.of(), ApplianceConfig::read).value();
      try (Appliance appliance = Appliance.start(read, FollowListener.NONE)) {
        for (String[] each :
            new String[][] {{"/boot.ipxe", ""}, {"/ipxe", ""}, {"/ignition", "?version=1.1.0"}}) {
          RawClient.Answer body = RawClient.get(appliance.bootAddress(), each[0] + each[1]);
          assertEquals(200, body.status(), body.head());
          RawClient.Answer sig = RawClient.get(appliance.bootAddress(), each[0] + ".asc" + each[1]);
          assertEquals(GOOD, gpg.verify(sig.body(), body.body()), each[0]);
        }
        assertEquals(
            404, RawClient.get(appliance.bootAddress(), "/ignition?version=9.9.9").status());
      }
    }
  }
}
