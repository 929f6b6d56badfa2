package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.extension.ExtensionManifest;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.extract.CpioReader;
import dev.moonboot.assets.extract.InitramfsReader;
import dev.moonboot.assets.extract.InitramfsReader.Member;
import dev.moonboot.assets.extract.Spool;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import dev.moonboot.json.Json;
import dev.moonboot.yaml.Yaml;
import dev.moonboot.yaml.YamlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What archives of an initramfs hold besides the base.
 *
 * @param layers in the order of the list; without those that a composer makes anew
 * @param files all that is no layer: firmware
 */
record OldExtensions(List<Kept> layers, FileTree files) {
  private static final int MAX_LIST = 1 << 20;
  private static final int MAX_TARGET = (4 << 10) - 1; // as the kernel takes them

  /** Layers that say what an initramfs was composed of, which is no longer true. */
  private static final Set<String> MADE = Set.of(LayerMaker.MARKER, KernelModules.NAME);

  static final OldExtensions NONE = new OldExtensions(List.of(), FileTree.EMPTY);

  OldExtensions {
    layers = List.copyOf(layers);
  }

  /** One layer, as it was. */
  record Kept(ExtensionManifest manifest, Found file) {}

  /** Unpacks {@code members}. */
  static OldExtensions of(Path initramfs, List<Member> members, Scratch scratch) {
    if (members.isEmpty()) {
      return NONE;
    }
    try (InitramfsReader reader = InitramfsReader.open(initramfs);
        Spool spool = new Spool(scratch.next())) {
      Unpacking unpacking = new Unpacking(scratch, spool);
      CpioReader cpio = new CpioReader(unpacking);
      for (Member member : members) {
        reader.seek(member);
        reader.next(cpio);
      }
      return new OldExtensions(unpacking.kept(), unpacking.files.build());
    } catch (IOException e) {
      throw BaseSplit.unreadable(e);
    }
  }

  /** What a file with several names has, which is known when the last of them was read. */
  private static final class Linked implements Content {
    private Content is = Content.of(new byte[0]);

    @Override
    public long size() {
      return is.size();
    }

    @Override
    public InputStream open() throws IOException {
      return is.open();
    }
  }

  /** Of files that come twice the later counts, as for the kernel. */
  private static final class Unpacking implements CpioReader.Visitor {
    private final Scratch scratch;
    private final Spool spool;
    private final TreeBuilder files = new TreeBuilder();
    private final Map<String, Found> layers = new HashMap<>();
    private final Map<String, Linked> linked = new HashMap<>();
    private String list = "layers: []";

    Unpacking(Scratch scratch, Spool spool) {
      this.scratch = scratch;
      this.spool = spool;
    }

    @Override
    public void entry(CpioReader.Entry entry, InputStream body) throws IOException {
      String name = entry.name();
      if (name.isEmpty()) {
        return;
      } else if (name.equals(BaseSplit.LIST)) {
        list = text(entry, body, MAX_LIST);
      } else if (entry.isFile() && BaseSplit.isLayer(name)) {
        if (!entry.links().isEmpty()) {
          throw new ComposeException(
              ("the base's layer \"%s\" is a hard link, which is not taken over; take another base,"
                      + " or replace its extensions (existing: replace)")
                  .formatted(name));
        }
        layers.put(name, scratch.write(body, name));
      } else if (entry.isFile()) {
        files.put(name, new TreeNode.File(entry.permissions(), content(entry, body)));
      } else if (entry.isDirectory()) {
        files.put(name, TreeNode.Directory.of(entry.permissions()));
      } else if (entry.isSymlink()) {
        files.put(name, new TreeNode.Symlink(text(entry, body, MAX_TARGET)));
      }
    }

    private Content content(CpioReader.Entry entry, InputStream body) throws IOException {
      if (entry.links().isEmpty()) {
        return spool.add(body);
      }
      Linked content = linked.computeIfAbsent(entry.links(), _ -> new Linked());
      if (entry.size() > 0) {
        content.is = spool.add(body);
      }
      return content;
    }

    private static String text(CpioReader.Entry entry, InputStream body, int most)
        throws IOException {
      if (entry.size() > most) {
        throw new IOException(entry.name() + " has " + entry.size() + " bytes");
      }
      return new String(body.readAllBytes(), UTF_8);
    }

    private List<Kept> kept() {
      List<Kept> kept = new ArrayList<>();
      for (Json layer : parse().array("layers").orElse(List.of())) {
        Json.Obj one = object(layer);
        String image = one.text("image").orElse("");
        ExtensionManifest manifest = manifest(one);
        Found file = layers.get(image);
        if (file == null) {
          throw new ComposeException(
              ("the base's extensions.yaml names the layer \"%s\", which is not there, so the base"
                      + " does not boot; take another base, or replace its extensions"
                      + " (existing: replace)")
                  .formatted(image));
        } else if (!MADE.contains(manifest.name())) {
          kept.add(new Kept(manifest, file));
        }
      }
      return kept;
    }

    private Json.Obj parse() {
      try {
        return object(Yaml.parseTexts(list));
      } catch (YamlException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }

    private static ExtensionManifest manifest(Json.Obj layer) {
      Json.Obj metadata = layer.object("metadata").orElse(new Json.Obj(Map.of()));
      String name = metadata.text("name").orElse("");
      return new ExtensionManifest(
          name,
          metadata.text("version").orElse(""),
          metadata.text("author").orElse(""),
          metadata.text("description").orElse(""),
          metadata
              .object("compatibility")
              .flatMap(compatibility -> compatibility.object("talos"))
              .flatMap(talos -> talos.text("version"))
              .orElse(""),
          metadata.text("extraInfo").orElse(""));
    }

    private static Json.Obj object(Json json) {
      if (json instanceof Json.Obj object) {
        return object;
      }
      throw wrong("a mapping is missing in it");
    }

    private static ComposeException wrong(String why) {
      return new ComposeException(
          ("the base's extensions.yaml cannot be read (%s); take another base, or replace its"
                  + " extensions (existing: replace)")
              .formatted(why));
    }
  }
}
