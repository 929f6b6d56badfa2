package dev.moonboot.assets.compose;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.compose.SpdxComponent.Said;
import dev.moonboot.assets.tree.TreeNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Puts a bill of materials together of one that is as large as it may be. Argument: a folder. */
final class SpdxHeapMain {
  private static final int PACKAGES = 40_000;

  private SpdxHeapMain() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Path large = folder.resolve("large.spdx.json");
    try (BufferedWriter out = Files.newBufferedWriter(large)) {
      out.write("{\"spdxVersion\":\"SPDX-2.3\",\"files\":{");
      for (int i = 0; i < 200_000; i++) {
        out.write("\"a name that nobody else has, with the number " + i + "\":[[]],");
      }
      out.write("\"\":0},\"packages\":[");
      for (int i = 0; i < PACKAGES; i++) {
        out.write(
            "{\"SPDXID\":\"SPDXRef-%d\",\"name\":\"%s\"},\n".formatted(i, "long ".repeat(80)));
      }
      out.write("{}]}");
    }
    Digest digest = Digest.of(new byte[0]);
    SpdxComponent base =
        new SpdxComponent("talos", "v1", "", "", digest, List.of(new Said("large", in(large))));
    new SpdxDocument(digest, Arch.AMD64, "large").write(base, List.of(), folder.resolve("sbom"));
    try (var lines = Files.lines(folder.resolve("sbom"))) {
      System.out.printf(
          "%d MiB, %d packages%n",
          Files.size(large) >> 20, lines.filter(line -> line.contains("\"long long")).count());
    }
  }

  private static TreeNode.Content in(Path file) throws IOException {
    long size = Files.size(file);
    return new TreeNode.Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() throws IOException {
        return Files.newInputStream(file);
      }
    };
  }
}
