package dev.moonboot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.testing.TestImage.Packing;
import java.util.List;

/**
 * System extensions as they are published, and such as are to be refused: one method for each
 * shape. Equal arguments give equal images. Images are for both architectures, one gzip layer each.
 */
public final class ExtensionImages {
  /** Below it is the root of FRR's container. */
  public static final String FRR_ROOT = "rootfs/usr/local/lib/containers/frr/";

  private ExtensionImages() {}

  /** Adds what an extension has beside its manifest, for one architecture. */
  @FunctionalInterface
  public interface Rootfs {
    void addTo(TarFixture tar, Arch arch);
  }

  /** Any extension: a manifest, {@code rootfs} of mode 0755, and what {@code rootfs} adds. */
  public static TestImage of(String manifest, Rootfs rootfs) {
    return TestImage.index(
        true, platform(Arch.AMD64, manifest, rootfs), platform(Arch.ARM64, manifest, rootfs));
  }

  private static TestImage.Platform platform(Arch arch, String manifest, Rootfs rootfs) {
    return TestImage.platform(arch, true, Packing.OCI_GZIP, layer(arch, manifest, rootfs));
  }

  /** The one layer of such an extension, unpacked. */
  public static byte[] layer(Arch arch, String manifest, Rootfs rootfs) {
    TarFixture tar = new TarFixture().file("manifest.yaml", manifest).directory("rootfs", 0755);
    rootfs.addTo(tar, arch);
    return tar.bytes();
  }

  /** A good manifest for any Talos from 1.5. */
  public static String manifest(String name, String version) {
    return manifest("v1alpha1", name, version, ">= v1.5.0");
  }

  /**
   * A manifest.
   *
   * @param form what stands as {@code version} of the manifest itself
   * @param constraint on the version of Talos
   */
  public static String manifest(String form, String name, String version, String constraint) {
    return """
    version: %s
    metadata:
      name: %s
      version: %s
      author: Fixture
      description: |
        fixture %s
      compatibility:
        talos:
          version: "%s"
    """
        .formatted(form, name, version, name, constraint);
  }

  /**
   * {@code name} with one file, {@code usr/local/share/<name>/who}, that says its name and arch.
   */
  public static TestImage named(String name, String version) {
    return of(
        manifest(name, version),
        (tar, arch) -> {
          directories(tar, "usr", "usr/local", "usr/local/share", "usr/local/share/" + name);
          tar.file("rootfs/usr/local/share/" + name + "/who", name + " " + arch.id() + "\n");
        });
  }

  /** One that says which packages are in it, as Talos's own do. */
  public static TestImage withPackages(String name, String version, String... packages) {
    return of(
        manifest(name, version),
        (tar, arch) -> {
          directories(tar, "usr", "usr/local", "usr/local/share", "usr/local/share/spdx");
          tar.file(
              "rootfs/usr/local/share/spdx/" + name + ".spdx.json", SpdxFixture.document(packages));
        });
  }

  /** The smallest good one: {@code usr/local/share/who}. */
  public static TestImage hello() {
    return of(
        manifest("hello", "1.0.0"),
        (tar, arch) -> {
          directories(tar, "usr", "usr/local", "usr/local/share");
          tar.file("rootfs/usr/local/share/who", "hello " + arch.id() + "\n");
        });
  }

  /**
   * A container with a system in it as FRR's is: a directory of mode 1777, a setuid program, a hard
   * link, absolute symbolic links, and no entries for most directories.
   */
  public static TestImage frr() {
    return of(manifest("frr", "v1.0.2"), ExtensionImages::frr);
  }

  /** What {@link #frr} has beside its manifest. */
  public static void frr(TarFixture tar, Arch arch) {
    tar.file("rootfs/usr/local/etc/containers/frr.yaml", frrService().getBytes(UTF_8));
    tar.directory(FRR_ROOT + "tmp", 01777);
    tar.file(FRR_ROOT + "bin/bash", 04755, InitramfsFixture.elf(arch));
    tar.hardLink(FRR_ROOT + "bin/sh", FRR_ROOT + "bin/bash");
    tar.symlink(FRR_ROOT + "bin/ash", "/bin/bash");
    tar.symlink(FRR_ROOT + "etc/mtab", "/proc/mounts");
    tar.symlink(FRR_ROOT + "etc/os-release", "../usr/lib/os-release");
    tar.file(FRR_ROOT + "usr/lib/os-release", "ID=alpine\n");
    tar.file(FRR_ROOT + "usr/lib/frr/docker-start", 0755, "#!/bin/sh\n".getBytes(UTF_8));
    tar.file(FRR_ROOT + "etc/frr/daemons", 0640, "bgpd=yes\n".getBytes(UTF_8));
  }

  private static String frrService() {
    return """
    name: frr
    container:
      entrypoint: /usr/lib/frr/docker-start
      security:
        writeableRootfs: true
      mounts:
        - source: /var/run/frr
          destination: /var/run/frr
          type: bind
          options: [bind, rw]
    depends:
      - network: [addresses, connectivity]
    restart: always
    """;
  }

  /** Microcode of both makers, and firmware that is none. */
  public static TestImage ucode() {
    return of(
        manifest("ucode", "1.0.0"),
        (tar, arch) ->
            tar.file("rootfs/usr/lib/firmware/intel-ucode/06-8f-08", filled('I', 2048))
                .file("rootfs/usr/lib/firmware/intel-ucode/06-9a-03", filled('J', 1024))
                .file(
                    "rootfs/usr/lib/firmware/amd-ucode/microcode_amd_fam19h.bin", filled('A', 512))
                .file("rootfs/usr/lib/firmware/amdgpu/x.bin", filled('g', 3)));
  }

  /** Firmware alone. */
  public static TestImage firmware() {
    return of(
        manifest("firmware", "20260801"),
        (tar, arch) ->
            tar.file("rootfs/usr/lib/firmware/bnx2/bnx2-mips-09-6.2.1b.fw", filled('b', 4096))
                .file("rootfs/usr/lib/firmware/README", "firmware\n"));
  }

  /** A kernel module for that kernel. */
  public static TestImage modules(String kernelRelease) {
    return of(
        manifest("mods", "1.0.0"),
        (tar, arch) ->
            tar.file("rootfs/usr/lib/modules/" + kernelRelease + "/extras/drbd.ko", "ko"));
  }

  /** To be refused: a manifest of another form. */
  public static TestImage badVersion() {
    return of(manifest("v1beta1", "badver", "1.0.0", ">= v1.5.0"), (tar, arch) -> {});
  }

  /** To be refused: a file beside manifest and {@code rootfs}. */
  public static TestImage alien() {
    return of(manifest("alien", "1.0.0"), (tar, arch) -> tar.file("README.md", "x"));
  }

  /** To be refused: wants a Talos that is not there yet. */
  public static TestImage tooNew() {
    return of(manifest("v1alpha1", "toonew", "1.0.0", ">= v9.0.0"), (tar, arch) -> {});
  }

  /** To be refused from 1.10: a directory where Talos has the symbolic link {@code lib}. */
  public static TestImage usrMerge() {
    return of(
        manifest("usrmerge", "1.0.0"), (tar, arch) -> tar.file("rootfs/lib/firmware/x.bin", "x"));
  }

  /** To be refused: a program for the other architecture. */
  public static TestImage foreign() {
    return of(
        manifest("foreign", "1.0.0"),
        (tar, arch) ->
            tar.file(
                "rootfs/usr/local/bin/tool",
                0755,
                InitramfsFixture.elf(arch == Arch.AMD64 ? Arch.ARM64 : Arch.AMD64)));
  }

  /**
   * The image that lists official extensions.
   *
   * @param lines {@code ghcr.io/siderolabs/hello:1.0.0@sha256:…}
   */
  public static TestImage catalog(List<String> lines) {
    StringBuilder descriptions = new StringBuilder();
    for (String line : lines) {
      descriptions
          .append(line)
          .append(":\n  author: Fixture\n  description: |\n    says what it is\n");
    }
    byte[] tar =
        new TarFixture()
            .file("image-digests", String.join("\n", lines) + "\n")
            .file("descriptions.yaml", descriptions.toString())
            .bytes();
    return TestImage.single(TestImage.platform(Arch.AMD64, true, Packing.OCI_GZIP, tar));
  }

  /** A line of it. */
  public static String line(String reference, Digest digest) {
    return reference + "@" + digest;
  }

  /** The image that lists official overlays, with the Raspberry Pi's two. */
  public static TestImage overlayCatalog(String image, Digest digest) {
    String yaml =
        """
        overlays:
          - name: rpi_generic
            image: %1$s
            digest: %2$s
          - name: rpi_5
            image: %1$s
            digest: %2$s
        """
            .formatted(image, digest);
    return TestImage.single(
        TestImage.platform(
            Arch.AMD64,
            true,
            Packing.OCI_GZIP,
            new TarFixture().file("overlays.yaml", yaml).bytes()));
  }

  private static void directories(TarFixture tar, String... paths) {
    for (String path : paths) {
      tar.directory("rootfs/" + path, 0755);
    }
  }

  private static byte[] filled(char letter, int count) {
    return String.valueOf(letter).repeat(count).getBytes(UTF_8);
  }
}
