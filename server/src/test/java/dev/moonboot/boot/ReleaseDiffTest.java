package dev.moonboot.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Release;
import dev.moonboot.boot.ReleaseDiff.ArchDiff;
import dev.moonboot.boot.ReleaseDiff.Change;
import dev.moonboot.boot.ReleaseDiff.ExtensionChange;
import dev.moonboot.boot.ReleaseDiff.Presence;
import dev.moonboot.boot.ReleaseDiff.SizeChange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseDiffTest {
  private static final byte[] NOTHING = {};

  @TempDir Path folder;

  private Asset asset(AssetName name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.of(bytes);
    Path file = Files.write(folder.resolve(digest.fileName()), bytes);
    return new Asset(name, Arch.ARM64, file, bytes.length, digest);
  }

  private Build build(String version, String kernel, String cmdline, String... extensions)
      throws IOException {
    Map<AssetName, Asset> assets = new HashMap<>();
    assets.put(AssetName.VMLINUZ, asset(AssetName.VMLINUZ, "kernel"));
    assets.put(AssetName.INITRAMFS, asset(AssetName.INITRAMFS, version));
    assets.put(AssetName.CMDLINE, asset(AssetName.CMDLINE, cmdline + "\n"));
    if (kernel.isEmpty()) {
      assets.put(AssetName.UKI, asset(AssetName.UKI, "uki"));
    }
    return new Build(
        Digest.of(NOTHING), List.of(), "plain pair", version, kernel, List.of(extensions), assets);
  }

  private static Release release(String seed, Map<Arch, Build> builds, Admission admission) {
    Digest digest = Digest.of(seed.getBytes(StandardCharsets.UTF_8));
    return new Release(digest, "r.example/talos:demo", builds, Instant.EPOCH, admission);
  }

  @Test
  void all_that_changes_for_a_node_is_told() throws IOException {
    Admission signed =
        new Admission(
            Mode.REQUIRE, "*", new Proof(Proof.Format.BUNDLE_V03, "key", null, Map.of()), "");
    Release from =
        release(
            "a",
            Map.of(
                Arch.ARM64,
                build(
                    "v1.13.5",
                    "6.12.30-talos",
                    "a=1 b console=tty0 console=ttyS0 c=\"x y\"",
                    "gone v1",
                    "hello v1.0.0",
                    "same v2")),
            Admission.UNCHECKED);
    Release to =
        release(
            "b",
            Map.of(
                Arch.ARM64,
                build(
                    "v1.13.6",
                    "",
                    "a=2 b console=tty0 c=\"x y\" d",
                    "hello v1.0.1",
                    "new",
                    "same v2")),
            signed);
    assertEquals(
        new ReleaseDiff(
            from.digest(),
            to.digest(),
            new Change("v1.13.5", "v1.13.6"),
            new Change("", "key"),
            new Change("r.example/talos:demo", "r.example/talos:demo"),
            List.of(
                new ArchDiff(
                    Arch.ARM64,
                    Presence.BOTH,
                    new Change("v1.13.5", "v1.13.6"),
                    new Change("6.12.30-talos", ""),
                    new Change("plain pair", "plain pair"),
                    List.of(
                        new ExtensionChange("gone", "v1", null),
                        new ExtensionChange("hello", "v1.0.0", "v1.0.1"),
                        new ExtensionChange("new", null, "")),
                    List.of("a=2", "d"),
                    List.of("a=1", "console=ttyS0"),
                    List.of(
                        new SizeChange(AssetName.VMLINUZ, 6L, 6L, true),
                        new SizeChange(AssetName.INITRAMFS, 7L, 7L, false),
                        new SizeChange(AssetName.CMDLINE, 41L, 29L, false),
                        new SizeChange(AssetName.UKI, null, 3L, false))))),
        ReleaseDiff.of(from, to));
  }

  @Test
  void an_architecture_that_only_one_has_is_new_or_gone() throws IOException {
    Release from = release("a", Map.of(Arch.ARM64, build("v1", "6", "x")), Admission.UNCHECKED);
    Release to = release("b", Map.of(Arch.AMD64, build("v1", "6", "x")), Admission.UNCHECKED);
    assertEquals(
        List.of(Presence.ADDED, Presence.REMOVED),
        ReleaseDiff.of(from, to).arches().stream().map(ArchDiff::presence).toList());
    assertEquals(List.of("x"), ReleaseDiff.of(from, to).arches().getFirst().argsAdded());
  }
}
