package dev.moonboot.e2e;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A lab whose appliance is a service of systemd, and a registry beside it. */
final class SystemdSite implements AutoCloseable {
  static final Machine NODE = Machine.BIOS_PLAIN;

  private static final Map<String, String> IMAGES =
      Map.of(
          "imager-1", "siderolabs/imager:v1.13.1",
          "ext-02", "acme/frr:v1",
          "ext-06", "acme/module:v1");
  private static final String SETTINGS = "/etc/moonboot/moonboot.yaml";
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```$");

  private final Path work;
  private final Lab lab;
  private final RegistryProcess registry;
  private final SystemdMachine machine;

  private SystemdSite(Path work, Lab lab, RegistryProcess registry) {
    this.work = work;
    this.lab = lab;
    this.registry = registry;
    this.machine = SystemdMachine.boot(lab, work);
  }

  /**
   * Boots the machine.
   *
   * @param work an empty folder
   */
  static SystemdSite open(Path work) {
    Fixture.make();
    Lab lab = Lab.open(work);
    RegistryProcess registry = RegistryProcess.start(lab, work);
    try {
      IMAGES.forEach((tag, name) -> RegistryProcess.push(lab, work, tag, name));
      return new SystemdSite(work, lab, registry);
    } catch (RuntimeException | Error e) {
      registry.close();
      lab.close();
      throw e;
    }
  }

  SystemdMachine machine() {
    return machine;
  }

  /** Does what operations.md says under "Install", in its order. */
  void install() throws IOException {
    String page = Files.readString(SystemdMachine.checkout().resolve("docs/operations.md"));
    int from = page.indexOf("\n## Install\n");
    Matcher block = BLOCK.matcher(page.substring(from, page.indexOf("\n## ", from + 1)));
    while (block.find()) {
      obey(block.group(1), block.group(2));
    }
  }

  /** A file begins with its name; commands are those with a dollar before them. */
  private void obey(String language, String text) {
    if (!language.equals("console")) {
      String name = text.lines().findFirst().orElse("").substring("# ".length());
      machine.write(name.replaceFirst("^~", "/root"), text);
      return;
    }
    for (String line : text.lines().filter(line -> line.startsWith("$ ")).toList()) {
      String said = machine.run(line.substring("$ ".length()));
      if (line.startsWith("$ moonboot token ")) {
        keep(said.lines().toList());
      }
    }
  }

  private void keep(List<String> said) {
    machine.run("umask 077; echo '%s' >/etc/moonboot/secrets/tokens".formatted(said.get(1)));
    machine.run("umask 077; echo '%s' >/root/token".formatted(said.getLast()));
  }

  /** Makes that the configuration: a build, for all nodes of the lab. */
  void configure(String more) {
    machine.write(
        SETTINGS,
        """
        channels:
          composed:
            arch: [amd64]
            default: true
            build:
              base: "127.0.0.1:5000/siderolabs/imager:v1.13.1"
              extensions: ["127.0.0.1:5000/acme/frr:v1", "127.0.0.1:5000/acme/module:v1"]
              arguments: [console=ttyS0, no_timer_check]
              outputs: [initramfs, iso]
        registry:
          plain-http: ["127.0.0.1:5000"]
          docker-config: "${CREDENTIALS_DIRECTORY}/registry-auth.json"
        admin: {tokens: "${CREDENTIALS_DIRECTORY}/tokens"}
        http: {address: "0.0.0.0:80"}
        dhcp: {interfaces: [eth0]}
        follow: {every: 10s}
        """
            + more);
  }

  /** The registry's credentials and the group and profile of {@link #NODE}. */
  void prepare() {
    machine.write("/etc/moonboot/secrets/registry-auth.json", "{\"auths\": {}}\n");
    machine.write(
        "/etc/systemd/system/moonboot.service.d/registry.conf",
        """
        [Service]
        LoadCredential=registry-auth.json:/etc/moonboot/secrets/registry-auth.json
        """);
    machine.run("chmod 600 /etc/moonboot/secrets/registry-auth.json; systemctl daemon-reload");
    machine.write(
        "/var/lib/moonboot/data/groups/node.json",
        """
        {"id": "node", "profile": "node", "selector": {"mac": "%s"}}
        """
            .formatted(NODE.mac()));
    machine.write(
        "/var/lib/moonboot/data/profiles/node.json",
        """
        {
          "id": "node",
          "boot": {
            "kernel": "/assets/talos/composed/vmlinuz-amd64",
            "initrd": ["--name initramfs.xz /assets/talos/composed/initramfs-amd64.xz"],
            "args": ["initrd=initramfs.xz", "{cmdline}"]
          }
        }
        """);
  }

  /** What the admin API says of the channel. */
  Json.Obj channel() {
    String answer =
        machine.run(
            "curl -sS --fail --max-time 30 -H \"Authorization: Bearer $(cat /root/token)\""
                + " http://127.0.0.1:8090/admin/v1/channels/composed");
    if (JsonText.parse(answer) instanceof Json.Obj channel) {
      return channel;
    }
    throw new AssertionError("channels answered " + answer);
  }

  /** The status of an answer to a node; 0 where there is none. */
  int status(String path) {
    return Integer.parseInt(
        machine.run(
            "curl -s -o /dev/null -w '%{http_code}' --max-time 30 'http://10.77.0.2"
                + path
                + "' || true"));
  }

  /** What a node of the lab reads at a URL. */
  Path fetch(String url) {
    try {
      Path file = Files.createTempFile(work, "fetched", "");
      Running.run(
          lab.onLan(List.of("curl", "-sS", "--fail", "-o", file.toString(), url)),
          work.resolve("curl.log"),
          Duration.ofMinutes(1));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Switches on {@link #NODE}. */
  VirtualMachine node() throws IOException {
    Path folder = Files.createTempDirectory(work, "node");
    return VirtualMachine.start(lab.bootvm(NODE, 0), folder, List.of());
  }

  void stopRegistry() {
    registry.close();
  }

  @Override
  public void close() {
    try (lab;
        registry) {
      machine.close();
    }
  }
}
