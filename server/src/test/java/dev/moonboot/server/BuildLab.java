package dev.moonboot.server;

import dev.moonboot.assets.Digest;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A registry with what the document on builds is about, and a folder to type its commands in. */
final class BuildLab implements AutoCloseable {
  static final String IMAGER = "siderolabs/imager";
  static final String FRR = "jsenecal/frr-talos-extension";
  static final String GVISOR = "siderolabs/gvisor";

  /** Without extensions: the usual fixture's are no file systems. */
  private static final TestImages.Content BASE =
      new TestImages.Content(
          "v1.13.9",
          "6.18.9-talos",
          "talos.platform=metal console=tty0 slab_nomerge pti=on",
          List.of(),
          64 << 10,
          1);

  final FakeRegistry registry = FakeRegistry.startPlain();
  private final Path folder;

  /** How a command ended, with what changes from run to run made the same. */
  record Ran(int code, String out, String err) {}

  BuildLab(Path folder) {
    this.folder = folder;
    push(IMAGER, "v1.13.9", TestImages.imager(BASE));
    push("siderolabs/installer-base", "v1.13.9", ExtensionImages.named("installer-base", "1"));
    push(FRR, "v1.0.2", ExtensionImages.frr());
    gvisor("20250505.0");
  }

  /** A version of Talos with all its images; its gVisor is called as it is. */
  void talos(String version) {
    push(IMAGER, version, TestImages.imager(BASE.withVersion(version)));
    push("siderolabs/installer-base", version, ExtensionImages.named("installer-base", version));
    Digest gvisor = push(GVISOR, "of-" + version, ExtensionImages.named("gvisor", "of-" + version));
    push(
        "siderolabs/extensions",
        version,
        ExtensionImages.catalog(
            List.of(ExtensionImages.line("ghcr.io/" + GVISOR + ":of-" + version, gvisor))));
  }

  /** Has a tag of the installer, which says its version itself, name one. */
  void installer(String tag, String version) {
    push("siderolabs/installer", tag, TestImages.installer(BASE.withVersion(version)));
  }

  /** A version of gVisor, as the catalog lists it from now on. */
  Digest gvisor(String version) {
    Digest gvisor = push(GVISOR, version, ExtensionImages.named("gvisor", version));
    push(
        "siderolabs/extensions",
        "v1.13.9",
        ExtensionImages.catalog(
            List.of(ExtensionImages.line("ghcr.io/" + GVISOR + ":" + version, gvisor))));
    return gvisor;
  }

  Digest push(String repository, String tag, TestImage image) {
    return registry.push(repository, tag, image);
  }

  /** Writes the configuration; {@code ghcr.io} is this registry. */
  Path configure(String yaml) throws IOException {
    return Files.writeString(
        folder.resolve("moonboot.yaml"),
        here(yaml) + "registry:\n  plain-http: [\"" + registry.address() + "\"]\n");
  }

  private String here(String text) {
    return text.replace("ghcr.io/", registry.address() + "/");
  }

  /** Types a command: files are those of the folder. */
  Ran run(String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    String[] args = Arrays.stream(words).map(this::word).toArray(String[]::new);
    int code = Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
    return new Ran(code, shown(out), shown(err));
  }

  private String word(String word) {
    boolean file =
        word.equals("moonboot.yaml")
            || word.endsWith(".lock")
            || word.endsWith(".json")
            || word.endsWith(".token")
            || word.equals("out")
            || word.equals("out-before");
    return file ? folder.resolve(word).toString() : here(word);
  }

  private String shown(StringWriter text) {
    return text.toString()
        .replace(registry.address() + "/", "ghcr.io/")
        .replace(folder + "/", "")
        .replaceAll("sha256:[0-9a-f]{64}", "SHA256");
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    registry.close();
  }
}
