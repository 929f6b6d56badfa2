package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.compose.InitramfsOrder.Extension;
import dev.moonboot.assets.extension.ExtensionManifest;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import dev.moonboot.assets.tree.TreeNode.Directory;
import dev.moonboot.testing.Requires;
import dev.moonboot.testing.TreeText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelModulesTest {
  private static final TalosVersion NEW = new TalosVersion(1, 13, 9, "");
  private static final TalosVersion OLD = new TalosVersion(1, 9, 5, "");
  private static final String RELEASE = "6.18.3-talos";
  private static final String AT = "usr/lib/modules/" + RELEASE + "/";

  @TempDir Path temp;

  @BeforeEach
  void needs() {
    Requires.program("depmod");
    Requires.program("gcc");
  }

  /** A kernel module that exports a symbol, and wants others. */
  private byte[] module(String name, String exports, String wants)
      throws IOException, InterruptedException {
    String code =
        """
        __attribute__((section(".modinfo"), used)) static const char info[] =
          "name=%1$s\\0alias=pci:v0000%1$s*\\0depends=\\0license=GPL";
        %2$s
        %3$s
        """
            .formatted(
                name,
                exports.isEmpty()
                    ? ""
                    : """
                    int %1$s(void) { return 1; }
                    __attribute__((section("__ksymtab_strings"), used)) static const char
                      strings[] = "%1$s";
                    __attribute__((section("__ksymtab"), used)) int (*__ksymtab_%1$s)(void) = %1$s;
                    """
                        .formatted(exports),
                wants.isEmpty()
                    ? ""
                    : "extern int %1$s(void); int uses_%1$s(void) { return %1$s(); }"
                        .formatted(wants));
    Path source = Files.writeString(temp.resolve(name + ".c"), code);
    Path object = temp.resolve(name + ".o");
    Process gcc =
        new ProcessBuilder("gcc", "-c", "-O1", "-o", object.toString(), source.toString())
            .inheritIO()
            .start();
    assertEquals(0, gcc.waitFor());
    return Files.readAllBytes(object);
  }

  private static FileTree tree(Map<String, byte[]> files) {
    Directory.Builder root = Directory.builder(0755);
    Map<String, Map<String, byte[]>> folders = new TreeMap<>();
    files.forEach((path, content) -> {
      int slash = path.indexOf('/');
      if (slash < 0) {
        root.put(path, new TreeNode.File(0644, Content.of(content)));
      } else {
        folders
            .computeIfAbsent(path.substring(0, slash), any -> new TreeMap<>())
            .put(path.substring(slash + 1), content);
      }
    });
    folders.forEach((name, inner) -> root.put(name, tree(inner).root()));
    return new FileTree(root.build());
  }

  private FileTree base() throws IOException, InterruptedException {
    return tree(
        Map.of(
            AT + "kernel/net/core.ko",
            module("core", "core_open", ""),
            AT + "modules.order",
            "kernel/net/core.ko\n".getBytes(UTF_8),
            AT + "modules.builtin",
            "kernel/fs/ext4.ko\n".getBytes(UTF_8),
            AT + "modules.builtin.modinfo",
            "ext4.license=GPL\0".getBytes(UTF_8),
            "usr/bin/init",
            "x".getBytes(UTF_8)));
  }

  private static Extension extension(String name, Map<String, byte[]> files) {
    return new Extension(name, manifest(name), tree(files));
  }

  private static ExtensionManifest manifest(String name) {
    return new ExtensionManifest(name, "v1", "Someone", "", "", "");
  }

  private Path scratch(String name) {
    return temp.resolve(name);
  }

  private static String text(FileTree tree, String path) throws IOException {
    TreeNode.File file = tree.file(path);
    assertTrue(file != null, () -> path + " is missing");
    try (InputStream in = file.content().open()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void modules_of_base_and_extensions_are_in_one_index() throws Exception {
    Extension zfs =
        extension("zfs", Map.of(AT + "extras/zfs.ko", module("zfs", "zfs_open", "core_open")));
    Extension tool = extension("tool", Map.of("usr/local/bin/tool", new byte[] {1}));
    Extension top = extension("top", Map.of(AT + "extras/top.ko", module("top", "", "zfs_open")));
    KernelModules.Index made =
        KernelModules.index(base(), List.of(zfs, tool, top), NEW, scratch("scratch"));
    assertEquals(RELEASE, made.release());
    assertEquals(
        """
        kernel/net/core.ko:
        extras/top.ko: extras/zfs.ko kernel/net/core.ko
        extras/zfs.ko: kernel/net/core.ko
        """,
        text(made.tree(), AT + "modules.dep"));
    assertTrue(text(made.tree(), AT + "modules.alias").contains("alias pci:v0000zfs* zfs\n"));
    assertTrue(made.tree().file(AT + "modules.dep.bin") != null);
    assertEquals("kernel/fs/ext4.ko\n", text(made.tree(), AT + "modules.builtin"));
    made.tree().walk((path, node) -> assertFalse(path.endsWith(".ko"), path));
    assertEquals(0755, made.tree().root().mode());
    made.close();
    assertFalse(Files.exists(scratch("scratch")));
  }

  @Test
  void equal_modules_give_an_equal_index() throws Exception {
    FileTree base = base();
    Extension zfs =
        extension(
            "zfs",
            Map.of(
                AT + "extras/zfs.ko", module("zfs", "zfs_open", "core_open"),
                AT + "extras/a.ko", module("a", "", "zfs_open"),
                AT + "extras/b.ko", module("b", "", "zfs_open")));
    String once = TreeText.of(KernelModules.index(base, List.of(zfs), NEW, scratch("one")).tree());
    String again =
        TreeText.of(KernelModules.index(base, List.of(zfs), NEW, scratch("other")).tree());
    assertEquals(once, again);
  }

  @Test
  void modules_stand_elsewhere_before_1_10() throws Exception {
    FileTree base = base();
    FileTree old =
        tree(Map.of("lib/modules/6.6.1-talos/kernel/core.ko", module("core", "core_open", "")));
    Extension zfs =
        extension(
            "zfs", Map.of("lib/modules/6.6.1-talos/extras/zfs.ko", module("zfs", "", "core_open")));
    assertTrue(KernelModules.in(zfs.rootfs(), OLD));
    assertFalse(KernelModules.in(zfs.rootfs(), NEW));
    assertEquals("6.6.1-talos", KernelModules.release(old, OLD));
    assertEquals(RELEASE, KernelModules.release(base, NEW));
    FileTree made = KernelModules.index(old, List.of(zfs), OLD, scratch("scratch")).tree();
    assertEquals(
        "extras/zfs.ko: kernel/core.ko\nkernel/core.ko:\n",
        text(made, "lib/modules/6.6.1-talos/modules.dep"));
  }

  @Test
  void modules_of_another_release_are_refused_and_both_are_named() throws Exception {
    Extension zfs = extension("zfs", Map.of("usr/lib/modules/6.12.1-talos/zfs.ko", new byte[9]));
    FileTree base = base();
    Path scratch = scratch("scratch");
    ComposeException refused =
        assertThrows(
            ComposeException.class, () -> KernelModules.index(base, List.of(zfs), NEW, scratch));
    assertEquals(
        "extension zfs has modules for the kernel 6.12.1-talos, and the base's kernel is"
            + " 6.18.3-talos: modules load only into the kernel that they were built with; take"
            + " the zfs that was made for Talos v1.13.9",
        refused.getMessage());
  }

  @Test
  void a_base_has_modules_of_one_kernel() {
    FileTree none = tree(Map.of("usr/bin/init", new byte[1]));
    assertEquals(
        "the base has nothing in /usr/lib/modules, where one kernel release has its modules; take"
            + " the base that Talos v1.13.9 came with",
        assertThrows(ComposeException.class, () -> KernelModules.release(none, NEW)).getMessage());
    FileTree two =
        tree(Map.of("lib/modules/6.1/modules.dep", new byte[1], "lib/modules/6.2/x", new byte[1]));
    assertEquals(
        "the base has 6.1, 6.2 in /lib/modules, where one kernel release has its modules; take the"
            + " base that Talos v1.9.5 came with",
        assertThrows(ComposeException.class, () -> KernelModules.release(two, OLD)).getMessage());
  }

  @Test
  void x_02_no_symbolic_link_of_an_image_is_made() throws Exception {
    Directory release =
        Directory.builder(0755)
            .put("build", new TreeNode.Symlink("/etc"))
            .put("extras", new TreeNode.Symlink("../../../../../etc"))
            .put("modules.dep", new TreeNode.Symlink("/etc/passwd"))
            .put("zfs.ko", new TreeNode.Symlink("/etc/shadow"))
            .build();
    FileTree hostile = new FileTree(above(Directory.builder(0755).put(RELEASE, release).build()));
    Path scratch = scratch("scratch");
    KernelModules.index(
        base(), List.of(new Extension("evil", manifest("evil"), hostile)), NEW, scratch);
    try (Stream<Path> made = Files.walk(scratch)) {
      assertEquals(List.of(), made.filter(Files::isSymbolicLink).toList());
    }
  }

  @Test
  void a_list_of_modules_is_read_whatever_bytes_it_has_but_not_whatever_size() throws Exception {
    Extension zfs = extension("zfs", Map.of(AT + "extras/zfs.ko", module("zfs", "", "")));
    FileTree odd =
        tree(
            Map.of(
                AT + "kernel/net/core.ko",
                module("core", "core_open", ""),
                AT + "modules.order",
                new byte[] {(byte) 0xff, '\n'}));
    FileTree made = KernelModules.index(odd, List.of(zfs), NEW, scratch("odd")).tree();
    assertEquals("extras/zfs.ko:\nkernel/net/core.ko:\n", text(made, AT + "modules.dep"));
    TreeNode.File large = new TreeNode.File(0644, new Large());
    FileTree huge =
        new FileTree(
            above(
                Directory.builder(0755)
                    .put(RELEASE, Directory.builder(0755).put("modules.order", large).build())
                    .build()));
    Path scratch = scratch("huge");
    assertEquals(
        "the base has kernel modules that are too large, or lie too deep, to be indexed",
        assertThrows(
                ComposeException.class, () -> KernelModules.index(huge, List.of(zfs), NEW, scratch))
            .getMessage());
  }

  /** Not to be read. */
  private record Large() implements Content {
    @Override
    public long size() {
      return 1L << 30;
    }

    @Override
    public InputStream open() {
      throw new AssertionError("it is read");
    }
  }

  private static Directory above(Directory modules) {
    Directory lib = Directory.builder(0755).put("modules", modules).build();
    return Directory.builder(0755)
        .put("usr", Directory.builder(0755).put("lib", lib).build())
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b.ko", "a\nb.ko", "-a.ko", ".hidden.ko", "é.ko", "x;y.ko"})
  void x_02_names_that_no_module_has_are_refused(String name) throws Exception {
    Extension odd = extension("odd", Map.of(AT + "extras/" + name, new byte[1]));
    FileTree base = base();
    Path scratch = scratch("scratch");
    ComposeException refused =
        assertThrows(
            ComposeException.class, () -> KernelModules.index(base, List.of(odd), NEW, scratch));
    assertEquals(
        "extension odd has a kernel module in a file or folder with a name that none has: letters,"
            + " digits and ._+,=@~- make one, at most 128",
        refused.getMessage());
  }
}
