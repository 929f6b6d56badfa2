package dev.moonboot.assets.extension;

import static dev.moonboot.testing.ExtensionImages.manifest;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.extension.ExtensionLint.Target;
import dev.moonboot.testing.ExtensionImages.Rootfs;
import dev.moonboot.testing.TarFixture;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an extension may do to the files of the base. */
class BaseRulesTest extends ExtensionCase {
  /** Shaped as Talos's from 1.10 on. */
  private static final Rootfs TALOS =
      (tar, arch) ->
          tar.symlink("rootfs/lib", "usr/lib")
              .symlink("rootfs/sbin", "usr/bin")
              .symlink("rootfs/usr/sbin", "bin")
              .symlink("rootfs/usr/lib64", "lib")
              .symlink("rootfs/usr/share/ca-certificates", "/etc/ssl")
              .symlink("rootfs/etc/localtime", "/usr/share/zoneinfo/UTC")
              .symlink("rootfs/usr/bin/poweroff", "init")
              .file("rootfs/etc/extensions.yaml", "")
              .file("rootfs/etc/nfsmount.conf", "talos")
              .file("rootfs/etc/ssl/certs/ca-certificates", "talos")
              .file("rootfs/usr/bin/init", "talos")
              .file("rootfs/usr/bin/runc", "talos")
              .file("rootfs/usr/lib/ld-musl-x86_64.so.1", "talos")
              .file("rootfs/usr/lib/libc.so", "talos")
              .file("rootfs/usr/lib/modules/" + RELEASE + "/kernel/a.ko", "talos")
              .file("rootfs/usr/lib/modules/" + RELEASE + "/modules.dep", "talos")
              .directory("rootfs/usr/lib/firmware", 0755)
              .directory("rootfs/opt/cni", 0755);

  /** What other tests are about. */
  private static final Set<LintRule> BESIDES =
      EnumSet.of(LintRule.OUTSIDE_ALLOWED_PATHS, LintRule.ABSOLUTE_SYMLINK);

  private static Target target(ExtensionImage base) {
    TalosVersion talos = TalosVersion.parse("v1.13.9").orElseThrow();
    return new Target(Arch.AMD64, talos, RELEASE, base.rootfs());
  }

  private String findings(Rootfs rootfs) {
    Target target = target(read(manifest("base", "1"), TALOS));
    return brief(
        ExtensionLint.check(read(manifest("x", "1"), rootfs), target).stream()
            .filter(finding -> !BESIDES.contains(finding.rule()))
            .toList());
  }

  @Test
  void what_stands_beside_the_base_s_files_hides_nothing() {
    assertEquals(
        "",
        findings((tar, arch) ->
            tar.file("rootfs/usr/local/bin/tool", "x")
                .file("rootfs/usr/lib/ld-linux-x86-64.so.2", "x")
                .file("rootfs/etc/cri/conf.d/10-x.part", "x")
                .file("rootfs/usr/lib/firmware/x.bin", "x")
                .file("rootfs/usr/lib/modules/" + RELEASE + "/extras/b.ko", "x")
                .file("rootfs/usr/lib/modules/" + RELEASE + "/modules.dep", "x")));
  }

  @Test
  void hides_base_file_is_a_warning_with_the_paths() {
    assertEquals(
        """
        warning hides-base-file etc/localtime, etc/nfsmount.conf, usr/bin/runc and 1 more
        """,
        findings((tar, arch) ->
            tar.file("rootfs/etc/nfsmount.conf", "mine")
                .symlink("rootfs/etc/localtime", "/usr/share/zoneinfo/CET")
                .file("rootfs/usr/bin/runc", "mine")
                .file("rootfs/usr/lib/modules/" + RELEASE + "/kernel/a.ko", "mine")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "usr/bin/init",
        "usr/lib/ld-musl-x86_64.so.1",
        "usr/lib/libc.so",
        "etc/extensions.yaml"
      })
  void hides_base_file_is_an_error_where_talos_does_not_start_without_it(String path) {
    assertEquals(
        "error hides-base-file " + path + "\n",
        findings((tar, arch) -> tar.file("rootfs/" + path, "mine")));
    assertEquals(
        "error hides-base-file " + path + "\n",
        findings((tar, arch) -> tar.symlink("rootfs/" + path, "/usr/local/mine")));
    assertEquals(
        "error hides-base-file " + path + "\n",
        findings((tar, arch) -> tar.directory("rootfs/" + path, 0755)));
  }

  @Test
  void the_same_file_once_more_hides_nothing() {
    assertEquals(
        "",
        findings((tar, arch) ->
            tar.file("rootfs/usr/bin/init", "talos")
                .symlink("rootfs/usr/bin/poweroff", "/sbin/init")
                .symlink("rootfs/etc/localtime", "/usr/share/zoneinfo/UTC")
                .symlink("rootfs/usr/share/ca-certificates", "../../etc/ssl")
                .symlink("rootfs/usr/sbin", "/usr/bin")));
  }

  @ParameterizedTest
  @CsvSource({
    "opt/cni, file",
    "opt/cni, link",
    "etc/ssl/certs, link",
    "usr/lib64, directory",
    "usr/lib64, link",
    "usr/sbin, file",
    "usr/share/ca-certificates, directory",
  })
  void hidden_directory_is_whatever_directory_the_base_has_and_links_to_them(
      String path, String kind) {
    assertEquals(
        "error hidden-directory " + path + "\n",
        findings((tar, arch) -> {
          switch (kind) {
            case "file" -> tar.file("rootfs/" + path, "x");
            case "link" -> tar.symlink("rootfs/" + path, "/usr/local");
            default -> tar.directory("rootfs/" + path, 0755);
          }
        }));
  }

  @Test
  void what_is_an_error_with_any_base_is_told_once() {
    assertEquals(
        "error real-lib-directory lib\nerror hidden-directory usr\n",
        findings((tar, arch) -> tar.directory("rootfs/lib", 0755).symlink("rootfs/usr", "/opt")));
  }

  @Test
  void a_device_in_the_place_of_a_file_hides_nothing_since_it_is_left_out() {
    assertEquals(
        "warning special-file usr/bin/init\n",
        findings((tar, arch) -> tar.entry("rootfs/usr/bin/init", '3', "", new byte[0])));
  }

  @Test
  void an_absolute_link_to_what_the_base_has_leads_somewhere() {
    Rootfs links =
        (tar, arch) ->
            tar.symlink("rootfs/usr/local/bin/halt", "/sbin/poweroff")
                .symlink("rootfs/usr/local/bin/none", "/sbin/none")
                .symlink("rootfs/usr/local/lib/containers/x/bin/halt", "/sbin/poweroff");
    Target upon = target(read(manifest("base", "1"), TALOS));
    assertEquals(
        "warning absolute-symlink usr/local/bin/none, usr/local/lib/containers/x/bin/halt\n",
        brief(ExtensionLint.check(read(manifest("x", "1"), links), upon)));
  }

  @Test
  void directory_mode_is_a_warning() {
    assertEquals(
        "warning directory-mode usr, usr/lib\n",
        findings((tar, arch) ->
            tar.directory("rootfs/usr", 0700)
                .directory("rootfs/usr/lib", 0750)
                .directory("rootfs/usr/local", 0700)));
  }

  @Test
  void firmware_of_one_path_is_hidden_by_the_later_as_any_file_is() {
    String firmware = "rootfs/usr/lib/firmware/";
    for (Arch arch : Arch.values()) {
      ExtensionImage one = read(manifest("one", "1"), (tar, of) -> files(tar, firmware, "one"));
      ExtensionImage two = read(manifest("two", "1"), (tar, of) -> files(tar, firmware, "two"));
      String places =
          switch (arch) { // microcode of one name is put together, where the kernel takes it
            case AMD64 ->
                "usr/lib/firmware/amd-ucode/microcode_amd.bin.asc, usr/lib/firmware/x.bin";
            case ARM64 ->
                "usr/lib/firmware/amd-ucode/microcode_amd.bin,"
                    + " usr/lib/firmware/amd-ucode/microcode_amd.bin.asc,"
                    + " usr/lib/firmware/intel-ucode/06-03-02 and 1 more";
          };
      assertEquals(
          "warning hidden-by-later " + places + "\n",
          ExtensionLint.across(List.of(one, two), target(arch, "v1.13.9")).stream()
              .map(ExtensionCase::brief)
              .collect(joining()));
    }
  }

  private static void files(TarFixture tar, String at, String content) {
    tar.file(at + "x.bin", content)
        .file(at + "intel-ucode/06-03-02", content)
        .file(at + "amd-ucode/microcode_amd.bin", content)
        .file(at + "amd-ucode/microcode_amd.bin.asc", content);
  }
}
