package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.Requires;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image that talosctl installs from, as its files. */
class InstallerImageTest {
  @TempDir Path folder;

  private int folders;

  private Path newFolder() throws IOException {
    return Files.createDirectory(folder.resolve("made-" + folders++));
  }

  private static byte[] tar(String name) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      tar.directory(name);
    }
    return bytes.toByteArray();
  }

  private InstallerImage.Layer layer(String name) throws IOException {
    byte[] tar = tar(name);
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(tar);
    }
    Path file = Files.write(folder.resolve(name + ".tgz"), packed.toByteArray());
    return new InstallerImage.Layer(
        "application/vnd.docker.image.rootfs.diff.tar.gzip",
        Digest.of(packed.toByteArray()),
        packed.size(),
        Digest.of(tar),
        file);
  }

  private static Json.Obj config() {
    return (Json.Obj)
        JsonText.parse(
            """
            {"created":"2026-01-02T03:04:05Z","architecture":"amd64","os":"linux","author":"x",
             "config":{"Entrypoint":["/usr/bin/installer"],"Labels":{"alpine":"3.20"}},
             "rootfs":{"type":"layers","diff_ids":[]},"history":[{"created_by":"x"}]}\
            """);
  }

  private Map<String, Path> bootFiles() throws IOException {
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("vmlinuz.efi", Files.writeString(folder.resolve("uki"), "MZ a kernel"));
    files.put("systemd-boot.efi", Files.writeString(folder.resolve("sdboot"), "MZ a loader"));
    return files;
  }

  private Map<AssetName, Found> write(Arch arch) throws IOException {
    var upon = new InstallerImage.Foundation(config(), List.of(layer("base")));
    return InstallerImage.write(arch, upon, bootFiles(), newFolder());
  }

  private static Found found(Map<AssetName, Found> files, AssetName name) {
    return Objects.requireNonNull(files.get(name));
  }

  private static Json.Obj json(Map<AssetName, Found> files, AssetName name) throws IOException {
    return json(found(files, name));
  }

  private static Json.Obj json(Found found) throws IOException {
    String text = Files.readString(found.file());
    assertEquals(Digest.of(text.getBytes(UTF_8)), found.digest());
    return (Json.Obj) JsonText.parse(text);
  }

  @Test
  void puts_the_boot_files_upon_the_base() throws IOException {
    Map<AssetName, Found> files = write(Arch.ARM64);
    InstallerImage.Layer base = layer("base");
    Found ours = found(files, InstallerFiles.layer(1));
    assertEquals(
        """
        {"created":"1970-01-01T00:00:00Z","architecture":"arm64","os":"linux",\
        "config":{"Entrypoint":["/usr/bin/installer"],"Labels":{"alpine":"3.20"}},\
        "rootfs":{"type":"layers","diff_ids":["%s","%s"]}}\
        """
            .formatted(base.diffId(), ours.digest()),
        json(files, InstallerFiles.CONFIG).compact());
    Found config = found(files, InstallerFiles.CONFIG);
    assertEquals(
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
        "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},\
        "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d},\
        {"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}\
        """
            .formatted(
                config.digest(),
                config.size(),
                base.digest(),
                base.size(),
                ours.digest(),
                Files.size(ours.file())),
        json(files, InstallerFiles.MANIFEST).compact());
  }

  @Test
  void tar_lists_the_layer_with_its_folders_in_order() throws Exception {
    Found ours = found(write(Arch.AMD64), InstallerFiles.layer(1));
    Process tar =
        new ProcessBuilder(
                Requires.program("tar").toString(),
                "--numeric-owner",
                "--utc",
                "--full-time",
                "-tvf",
                ours.file().toString())
            .redirectErrorStream(true)
            .start();
    String listed = new String(tar.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, tar.waitFor(), listed);
    assertEquals(
        """
        drwxr-xr-x 0/0 0 1970-01-01 00:00:00 usr/
        drwxr-xr-x 0/0 0 1970-01-01 00:00:00 usr/install/
        drwxr-xr-x 0/0 0 1970-01-01 00:00:00 usr/install/amd64/
        -rw-r--r-- 0/0 11 1970-01-01 00:00:00 usr/install/amd64/systemd-boot.efi
        -rw-r--r-- 0/0 11 1970-01-01 00:00:00 usr/install/amd64/vmlinuz.efi
        """,
        listed.replaceAll(" +", " "));
  }

  @Test
  void the_index_lists_both_architectures() throws IOException {
    Found arm = found(write(Arch.ARM64), InstallerFiles.MANIFEST);
    Found amd = found(write(Arch.AMD64), InstallerFiles.MANIFEST);
    Map<Arch, Found> both = new LinkedHashMap<>();
    both.put(Arch.ARM64, arm);
    both.put(Arch.AMD64, amd);
    assertEquals(
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[\
        {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s","size":%d,\
        "platform":{"architecture":"amd64","os":"linux"}},\
        {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s","size":%d,\
        "platform":{"architecture":"arm64","os":"linux"}}]}\
        """
            .formatted(amd.digest(), amd.size(), arm.digest(), arm.size()),
        json(InstallerImage.index(both, folder.resolve("index.json"))).compact());
  }

  @Test
  void equal_boot_files_give_an_equal_image() throws IOException {
    Map<AssetName, Digest> first = digests(write(Arch.AMD64));
    assertEquals(first, digests(write(Arch.AMD64)));
    assertEquals(4, first.size());
  }

  private static Map<AssetName, Digest> digests(Map<AssetName, Found> files) {
    Map<AssetName, Digest> digests = new LinkedHashMap<>();
    files.forEach((name, found) -> digests.put(name, found.digest()));
    return digests;
  }

  @Test
  void leaves_the_pulled_layer_where_it_was() throws IOException {
    Found linked = found(write(Arch.AMD64), InstallerFiles.layer(0));
    assertTrue(Files.exists(folder.resolve("base.tgz")));
    Files.delete(linked.file());
    assertTrue(Files.exists(folder.resolve("base.tgz")));
  }

  @Test
  void keeps_the_first_of_two_layers_and_else_all() {
    TalosVersion talos = new TalosVersion(1, 13, 9, "");
    for (Arch arch : Arch.values()) {
      assertEquals(List.of("base"), kept(arch, talos, "base", "artifacts"));
      assertEquals(List.of("base"), kept(arch, talos, "base"));
      assertEquals(List.of("a", "b", "c"), kept(arch, talos, "a", "b", "c"));
    }
  }

  /** Device trees, U-Boot and the firmware of Raspberry Pis stand beside the kernel there. */
  @Test
  void keeps_what_boards_of_arm64_are_installed_with_where_talos_had_it_in_the_image() {
    TalosVersion old = new TalosVersion(1, 6, 7, "");
    assertEquals(List.of("base", "boards"), kept(Arch.ARM64, old, "base", "boards"));
    assertEquals(List.of("base"), kept(Arch.AMD64, old, "base", "artifacts"));
    TalosVersion overlays = new TalosVersion(1, 7, 0, "");
    assertEquals(List.of("base"), kept(Arch.ARM64, overlays, "base", "artifacts"));
  }

  private static List<String> kept(Arch arch, TalosVersion talos, String... layers) {
    return InstallerImage.kept(List.of(layers), arch, talos);
  }

  @Test
  void a_layer_that_does_not_hold_the_boot_files_is_refused() throws IOException {
    Path layer = found(write(Arch.AMD64), InstallerFiles.layer(1)).file();
    byte[] good = Files.readAllBytes(layer);
    SortedMap<String, Path> files = new TreeMap<>(bootFiles());
    String folder = "usr/install/amd64";
    InstallerImage.check(folder, files, layer);
    byte[] content = good.clone();
    content[4 * 512] ^= 1; // behind three directories and a header
    assertTrue(
        refusal(layer, content, files)
            .startsWith("the composed installer image would not install what was meant"));
    byte[] header = good.clone();
    header[3 * 512] ^= 1;
    byte[] half = Arrays.copyOf(good, good.length - 1024);
    for (byte[] broken : List.of(header, half)) {
      String told = refusal(layer, broken, files);
      assertTrue(told.startsWith("the composed installer image cannot be unpacked"), told);
    }
    files.remove("vmlinuz.efi");
    assertThrows(ComposeException.class, () -> InstallerImage.check(folder, files, layer));
  }

  private static String refusal(Path layer, byte[] spoiled, SortedMap<String, Path> files)
      throws IOException {
    Files.write(layer, spoiled);
    return String.valueOf(
        assertThrows(
                ComposeException.class,
                () -> InstallerImage.check("usr/install/amd64", files, layer))
            .getMessage());
  }

  @Test
  void refuses_a_layer_that_is_no_tar() throws IOException {
    InstallerImage.Layer good = layer("base");
    var bad =
        new InstallerImage.Layer(
            "application/data", good.digest(), good.size(), good.diffId(), good.file());
    var upon = new InstallerImage.Foundation(config(), List.of(bad));
    Path to = newFolder();
    Map<String, Path> files = bootFiles();
    assertThrows(
        IllegalArgumentException.class, () -> InstallerImage.write(Arch.AMD64, upon, files, to));
  }
}
