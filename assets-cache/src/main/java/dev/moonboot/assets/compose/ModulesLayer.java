package dev.moonboot.assets.compose;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What of a folder of indexed kernel modules goes into the layer of the index. */
final class ModulesLayer {
  private ModulesLayer() {}

  /**
   * The files of the index.
   *
   * @param at where they are to stand in a root file system
   */
  static FileTree of(Path folder, String at) throws IOException {
    TreeNode.Directory directory = index(folder);
    for (String name : List.of(at.split("/", -1)).reversed()) {
      directory = TreeNode.Directory.builder(0755).put(name, directory).build();
    }
    return new FileTree(directory);
  }

  private static TreeNode.Directory index(Path folder) throws IOException {
    TreeNode.Directory.Builder index = TreeNode.Directory.builder(0755);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith("modules.")) {
          index.put(name, new TreeNode.File(0644, new OnDisk(file, Files.size(file))));
        }
      }
    }
    return index.build();
  }

  private record OnDisk(Path file, long size) implements TreeNode.Content {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }
}
