package dev.moonboot.assets.extension;

import static dev.moonboot.testing.ExtensionImages.manifest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.ExtensionImages.Rootfs;
import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.TarFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule, by the word it is known by. */
class ExtensionLintTest extends ExtensionCase {
  private String lint(String talos, Rootfs rootfs) {
    String manifest = manifest("v1alpha1", "x", "1", ">= v1.0.0");
    return brief(ExtensionLint.check(read(manifest, rootfs), target(talos)));
  }

  private String lint(Rootfs rootfs) {
    return lint("v1.13.9", rootfs);
  }

  @Test
  void good_ones_have_nothing_to_say() {
    for (var image :
        List.of(
            ExtensionImages.hello(),
            ExtensionImages.named("other", "2"),
            ExtensionImages.ucode(),
            ExtensionImages.firmware(),
            ExtensionImages.modules(RELEASE))) {
      for (Arch arch : Arch.values()) {
        assertEquals("", brief(ExtensionLint.check(read(image, arch), target(arch, "v1.13.9"))));
      }
    }
  }

  @Test
  void frr_passes_with_warnings() {
    List<Finding> findings = ExtensionLint.check(read(ExtensionImages.frr()), target("v1.13.9"));
    assertEquals(
        """
        warning setuid usr/local/lib/containers/frr/bin/bash, usr/local/lib/containers/frr/bin/sh
        warning absolute-symlink usr/local/lib/containers/frr/etc/mtab
        """,
        brief(findings));
    assertEquals(
        "warning absolute-symlink: usr/local/lib/containers/frr/etc/mtab: these symbolic links"
            + " lead to what is not in the extension; see that it is there on the node, or in the"
            + " service when it runs",
        findings.getLast().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lib", "lib64", "bin", "sbin"})
  void real_lib_directory_is_an_error_from_1_10(String name) {
    Rootfs directory = (tar, arch) -> tar.directory("rootfs/" + name, 0755);
    assertEquals("error real-lib-directory " + name + "\n", lint("v1.10.0", directory));
    assertEquals("error real-lib-directory " + name + "\n", lint("v1.10.0-beta.1", directory));
    assertEquals("", lint("v1.9.5", directory));
    assertEquals(
        "error real-lib-directory " + name + "\nwarning outside-allowed-paths " + name + "\n",
        lint((tar, arch) -> tar.file("rootfs/" + name, "x")));
    assertEquals(
        "error real-lib-directory " + name + "\nwarning outside-allowed-paths " + name + "\n",
        lint((tar, arch) -> tar.symlink("rootfs/" + name, "opt")));
    assertEquals(
        "warning outside-allowed-paths " + name + "\n",
        lint((tar, arch) -> tar.symlink("rootfs/" + name, "usr/" + name)));
  }

  @Test
  void hidden_directory_is_an_error() {
    assertEquals(
        "error hidden-directory usr\nwarning outside-allowed-paths usr\n",
        lint((tar, arch) -> tar.symlink("rootfs/usr", "opt")));
    assertEquals(
        "error hidden-directory usr/local\n",
        lint((tar, arch) -> tar.file("rootfs/usr/local", "x")));
  }

  @ParameterizedTest
  @CsvSource({
    ">= v9.0.0, error version-constraint",
    ">= v1.5.0, ''",
    "'>= 1.13.0 <1.14.0', ''",
    "1.12.x, error version-constraint",
    "'', ''",
    "newest, error version-constraint",
  })
  void version_constraint_is_an_error(String constraint, String finding) {
    ExtensionImage image = read(manifest("v1alpha1", "x", "1", constraint), (tar, arch) -> {});
    String found = brief(ExtensionLint.check(image, target("v1.13.0-beta.1")));
    assertEquals(finding, found.strip());
  }

  @Test
  void version_constraint_says_what_is_wanted_and_what_is_there() {
    assertEquals(
        "error version-constraint: it is made for Talos >= v9.0.0, and this is v1.13.9; take a"
            + " version of the extension that is made for this Talos, or another base",
        ExtensionLint.check(read(ExtensionImages.tooNew()), target("v1.13.9"))
            .getFirst()
            .toString());
  }

  @Test
  void module_release_is_an_error() {
    assertEquals(
        "error module-release: usr/lib/modules/6.12.1-talos: it has kernel modules for"
            + " 6.12.1-talos, and the base's kernel is 6.18.9-talos, which loads no others; take"
            + " the tag of the extension that was built for Talos v1.13.9",
        ExtensionLint.check(read(ExtensionImages.modules("6.12.1-talos")), target("v1.13.9"))
            .getFirst()
            .toString());
    assertEquals(
        "error module-release usr/lib/modules/1, usr/lib/modules/6.18.9-talos\n",
        lint((tar, arch) ->
            tar.file("rootfs/usr/lib/modules/6.18.9-talos/a.ko", "x")
                .file("rootfs/usr/lib/modules/1/a.ko", "x")));
    assertEquals(
        "error module-release\n",
        lint((tar, arch) -> tar.directory("rootfs/usr/lib/modules", 0755)));
    assertEquals(
        "error module-release lib/modules/1\n",
        lint("v1.9.0", (tar, arch) -> tar.file("rootfs/lib/modules/1/a.ko", "x")));
    var unknown = new ExtensionLint.Target(Arch.AMD64, target("v1.13.9").talos(), "", null);
    assertEquals(
        "error module-release usr/lib/modules/" + RELEASE + "\n",
        brief(ExtensionLint.check(read(ExtensionImages.modules(RELEASE)), unknown)));
  }

  @Test
  void foreign_elf_is_an_error() {
    assertEquals(
        "error foreign-elf: usr/local/bin/tool: these programs are for another machine than"
            + " arm64; take the extension's image for arm64, or have its maker build one: the"
            + " image says it is that",
        ExtensionLint.check(
                read(ExtensionImages.foreign(), Arch.ARM64), target(Arch.ARM64, "1.13.9"))
            .getFirst()
            .toString());
    byte[] arm = InitramfsFixture.elf(Arch.ARM64);
    byte[] old = InitramfsFixture.elf(Arch.AMD64);
    old[18] = 3; // i386
    byte[] big = InitramfsFixture.elf(Arch.AMD64);
    big[5] = 2; // big-endian
    assertEquals(
        """
        error foreign-elf usr/local/lib/x/bin/big, usr/local/sbin/arm
        warning foreign-elf usr/local/bin/old
        """,
        lint((tar, arch) ->
            tar.file("rootfs/usr/local/sbin/arm", 0755, arm)
                .file("rootfs/usr/local/lib/x/bin/big", 0755, big)
                .file("rootfs/usr/local/bin/old", 0755, old)
                .file("rootfs/usr/local/bin/script", "#!/bin/sh")
                .file("rootfs/usr/local/share/firmware.elf", 0644, arm)));
  }

  @ParameterizedTest
  @CsvSource({
    "v1.13.9, usr/lib/udev/rules.d/1.rules, true",
    "v1.13.9, usr/localfoo, false",
    "v1.13.9, usr/local/anything, true",
    "v1.13.9, usr/bin/nvme, true",
    "v1.12.9, usr/bin/nvme, false",
    "v1.13.9, usr/bin/nvidia-smi, true",
    "v1.12.9, usr/bin/nvidia-smi, false",
    "v1.13.0-alpha.0, etc/ld.so.conf, true",
    "v1.12.9, etc/ld.so.cache, false",
    "v1.5.0, etc/vulkan/icd.d/x, true",
    "v1.4.0, usr/share/glvnd/x, false",
    "v1.8.0, sbin/ldconfig, false",
    "v1.9.0, lib64/ld-linux-x86-64.so.2, true",
    "v1.7.0, lib/udev/x, false",
    "v1.12.0-alpha.1, usr/lib/ld-linux-aarch64.so.1, true",
    "v1.11.9, usr/lib/ld-linux-aarch64.so.1, false",
    "v1.10.0, usr/bin/ldconfig, true",
    "v1.9.0, usr/bin/ldconfig, false",
    "v1.9.0, sbin/ldconfig, true",
    "v1.9.0, lib/firmware/x, true",
    "v1.9.0, usr/lib/firmware/x, false",
    "v1.9.0, usr/lib/udev/rules.d/1.rules, true",
    "v1.8.0, usr/lib/udev/rules.d/1.rules, false",
    "v1.8.0, usr/etc/udev/rules.d/1.rules, true",
    "v1.13.9, etc/cri/conf.d/10-x.part, true",
    "v1.13.9, etc/passwd, false",
    "v2.0.0, usr/lib/firmware/x, true",
  })
  void outside_allowed_paths_is_a_warning(String talos, String path, boolean allowed) {
    assertEquals(
        allowed ? "" : "warning outside-allowed-paths " + path + "\n",
        lint(talos, (tar, arch) -> tar.file("rootfs/" + path, "x")));
  }

  @Test
  void special_file_is_a_warning() {
    assertEquals(
        "warning special-file usr/local/null\n",
        lint((tar, arch) -> tar.entry("rootfs/usr/local/null", '3', "", new byte[0])));
  }

  @Test
  void world_writable_is_a_warning_but_for_sticky_directories() {
    assertEquals(
        "warning world-writable usr/local/d, usr/local/f\n",
        lint((tar, arch) ->
            tar.directory("rootfs/usr/local/d", 0777)
                .directory("rootfs/usr/local/tmp", 01777)
                .file("rootfs/usr/local/f", 0666, new byte[0])
                .symlink("rootfs/usr/local/l", "f")));
  }

  @Test
  void setuid_is_a_warning() {
    assertEquals(
        "warning setuid usr/local/g, usr/local/u\n",
        lint((tar, arch) ->
            tar.file("rootfs/usr/local/u", 04755, new byte[0])
                .file("rootfs/usr/local/g", 02755, new byte[0])
                .directory("rootfs/usr/local/d", 02755)));
  }

  @Test
  void absolute_symlink_is_a_warning_where_it_leads_out() {
    String container = "rootfs/usr/local/lib/containers/x/";
    assertEquals(
        "warning absolute-symlink usr/local/lib/containers/x/out, usr/local/out\n",
        lint((tar, arch) ->
            tar.symlink("rootfs/usr/local/out", "/etc/hosts")
                .symlink("rootfs/usr/local/in", "/usr/local/lib/containers/x/bin/sh")
                .file(container + "bin/sh", "x")
                .symlink(container + "in", "/bin/sh")
                .symlink(container + "out", "/usr/local/lib/containers/x/bin/sh")
                .symlink(container + "relative", "../../../etc")));
  }

  @Test
  void root_mode_is_a_warning() {
    ExtensionImage image =
        read(
            manifest("x", "1"),
            (tar, arch) -> tar.directory("rootfs", 0700).file("rootfs/usr/local/f", ""));
    assertEquals(
        "warning root-mode: rootfs has mode 0700, which would become the mode of the node's root"
            + " directory; nothing needs to be done: it is made 0755",
        ExtensionLint.check(image, target("v1.13.9")).getFirst().toString());
  }

  @Test
  void lost_attributes_and_replaced_links_are_warnings() {
    assertEquals(
        "warning lost-attributes\nwarning replaced-link rootfs/usr/local/l\n",
        lint((tar, arch) ->
            tar.pax("SCHILY.xattr.security.selinux", "label")
                .symlink("rootfs/usr/local/l", "x")
                .file("rootfs/usr/local/l/f", "x")));
  }

  private String service(String name, String yaml, Rootfs more) {
    return lint((tar, arch) -> {
      tar.file("rootfs/usr/local/etc/containers/" + name + ".yaml", yaml);
      more.addTo(tar, arch);
    });
  }

  private static void program(TarFixture tar, String path, int mode, byte[] content) {
    tar.file("rootfs/usr/local/lib/containers/svc/" + path, mode, content);
  }

  @Test
  void service_file_is_a_warning() {
    String at = "usr/local/etc/containers/svc.yaml\n";
    assertEquals("warning service-file " + at, service("svc", "a: [", (tar, arch) -> {}));
    assertEquals("warning service-file " + at, service("svc", "text", (tar, arch) -> {}));
    assertEquals(
        "warning service-file " + at,
        lint((tar, arch) -> tar.directory("rootfs/usr/local/etc/containers/svc.yaml", 0755)));
    assertEquals("", lint((tar, arch) -> tar.file("rootfs/usr/local/etc/containers/README", "x")));
  }

  @Test
  void service_name_is_a_warning() {
    Rootfs good = (tar, arch) -> program(tar, "run", 0755, new byte[1]);
    assertEquals(
        "warning service-name usr/local/etc/containers/other.yaml\n",
        service("other", "name: svc\ncontainer: {entrypoint: ./run}\n", good));
    assertEquals(
        "warning service-name usr/local/etc/containers/svc.yaml\n",
        service("svc", "name: Bad Name\ncontainer: {entrypoint: ./run}\n", good));
    assertEquals("", service("svc", "name: svc\ncontainer: {entrypoint: ./run}\n", good));
  }

  @Test
  void service_entrypoint_is_a_warning() {
    String yaml = "name: svc\ncontainer:\n  entrypoint: %s\n";
    String warning = "warning service-entrypoint usr/local/etc/containers/svc.yaml\n";
    Rootfs run = (tar, arch) -> program(tar, "usr/bin/run", 0755, new byte[1]);
    assertEquals("", service("svc", yaml.formatted("/usr/bin/run"), run));
    assertEquals("", service("svc", yaml.formatted("usr/bin/run"), run));
    assertEquals("", service("svc", yaml.formatted("run"), run));
    assertEquals(warning, service("svc", yaml.formatted("walk"), run));
    assertEquals(warning, service("svc", yaml.formatted("/usr/bin"), run));
    assertEquals(warning, service("svc", yaml.formatted("/usr/bin/run"), (tar, arch) -> {}));
    assertEquals(warning, service("svc", "name: svc\n", run));
    assertEquals(
        warning,
        service(
            "svc", yaml.formatted("/run"), (tar, arch) -> program(tar, "run", 0644, new byte[1])));
    assertEquals(
        "",
        service(
            "svc",
            yaml.formatted("/node/bin/run") + "  mounts: [{source: /a, destination: /node}]\n",
            run));
    assertEquals(
        "",
        service(
            "svc",
            yaml.formatted("/bin/sh"),
            (tar, arch) -> {
              tar.symlink("rootfs/usr/local/lib/containers/svc/bin", "/usr/bin");
              tar.symlink("rootfs/usr/local/lib/containers/svc/usr/bin/sh", "../lib/../bin/run");
              tar.directory("rootfs/usr/local/lib/containers/svc/usr/lib", 0755);
              run.addTo(tar, arch);
            }));
  }

  @Test
  void foreign_elf_is_an_error_for_what_a_service_starts() {
    assertEquals(
        "error foreign-elf usr/local/lib/containers/svc/run\n",
        service(
            "svc",
            "name: svc\ncontainer: {entrypoint: /run}\n",
            (tar, arch) -> program(tar, "run", 0755, InitramfsFixture.elf(Arch.ARM64))));
  }

  @Test
  void hidden_by_later_is_a_warning_of_the_lower_one() {
    Rootfs lower =
        (tar, arch) ->
            tar.file("rootfs/usr/local/f", "lower")
                .file("rootfs/usr/local/same", "same")
                .file("rootfs/usr/local/d/in", "x")
                .file("rootfs/usr/lib/firmware/intel-ucode/a", "x")
                .file("rootfs/usr/lib/modules/" + RELEASE + "/modules.dep", "x")
                .symlink("rootfs/usr/local/l", "f");
    Rootfs upper =
        (tar, arch) ->
            tar.file("rootfs/usr/local/f", "upper")
                .file("rootfs/usr/local/same", "same")
                .file("rootfs/usr/local/d", "file")
                .file("rootfs/usr/lib/firmware/intel-ucode/a", "y")
                .file("rootfs/usr/lib/modules/" + RELEASE + "/modules.dep", "y")
                .symlink("rootfs/usr/local/l", "f");
    List<ExtensionImage> ordered =
        List.of(read(manifest("low", "1"), lower), read(manifest("top", "2"), upper));
    List<List<Finding>> findings = ExtensionLint.across(ordered, target("v1.13.9"));
    assertEquals(
        "warning hidden-by-later: usr/local/d, usr/local/f: top 2 has other files of these names,"
            + " and comes later; put the one whose files are wanted last, or leave one out",
        findings.getFirst().getFirst().toString());
    assertEquals(List.of(1, 0), findings.stream().map(List::size).toList());
  }

  @Test
  void same_name_is_a_warning_of_the_first() {
    ExtensionImage hello = read(ExtensionImages.hello());
    List<ExtensionReport> reports =
        ExtensionLint.reports(
            List.of(hello, read(ExtensionImages.ucode()), hello), target("v1.13.9"));
    assertEquals(
        List.of("warning same-name\n", "", ""),
        reports.stream().map(report -> brief(report.findings())).toList());
  }

  @Test
  void many_paths_are_counted_and_the_first_shown() {
    assertEquals(
        "warning outside-allowed-paths opt/0, opt/1, opt/2 and 6 more\n",
        lint((tar, arch) -> {
          for (int i = 0; i < 9; i++) {
            tar.file("rootfs/opt/" + i, "x");
          }
        }));
  }

  @Test
  void control_characters_of_an_image_stay_out_of_messages() {
    assertEquals(
        "warning outside-allowed-paths opt/a?b\n",
        lint((tar, arch) -> tar.entry("rootfs/opt/a\u001bb", '0', "", "x".getBytes(UTF_8))));
  }
}
