package dev.moonboot.ec2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.profile.Profile;
import dev.moonboot.profile.Profile.NetBoot;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileCheckTest {
  private static final String KERNEL = "/assets/talos/custom/vmlinuz-arm64";

  private static ProfileCheck check(@Nullable Arch arch, String... args) {
    var boot = new NetBoot(KERNEL, List.of(), List.of(args));
    return ProfileCheck.of(
        new Profile("p", "p", "", "", "", "", boot), Optional.ofNullable(arch), "ttyS0");
  }

  @Test
  void metal_with_a_config_and_a_console_boots() {
    assertEquals(
        new ProfileCheck(List.of(), List.of()),
        check(
            Arch.ARM64,
            "talos.platform=metal",
            "talos.config={config-url}",
            "console=ttyS0,115200n8"));
  }

  @ParameterizedTest
  @CsvSource({
    "talos.platform=aws, that is the iPXE script",
    "talos.platform=nocloud, where that platform keeps it",
    "console=ttyS0, says no talos.platform"
  })
  void other_platforms_never_get_their_machine_config(String arg, String why) {
    List<String> problems = check(Arch.ARM64, arg).problems();
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().contains(why), problems.toString());
  }

  @Test
  void the_last_platform_counts_as_for_talos() {
    assertEquals(
        1, check(Arch.ARM64, "talos.platform=metal", "talos.platform=aws").problems().size());
  }

  @Test
  void the_releases_own_arguments_may_say_the_platform() {
    assertEquals(List.of(), check(Arch.ARM64, "{cmdline}").problems());
    assertEquals(
        List.of(
            "no talos.config: nodes wait in maintenance mode for talosctl apply-config",
            "no console=ttyS0: \"Get system log\" shows nothing of the kernel"),
        check(Arch.ARM64, "{cmdline}").remarks());
  }

  @Test
  void files_of_the_other_architecture_are_told() {
    assertEquals(
        List.of(KERNEL + " is for arm64, and the instances are amd64"),
        check(Arch.AMD64, "{cmdline}").problems());
  }

  @Test
  void a_profile_without_a_boot_section_boots_nothing() {
    var profile = new Profile("p", "p", "", "", "", "", null);
    assertEquals(
        List.of("it boots nothing: it has no \"boot\""),
        ProfileCheck.of(profile, Optional.empty(), "ttyS0").problems());
  }
}
