package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.build.Making;
import dev.moonboot.assets.compose.ComposeException;
import dev.moonboot.assets.compose.ComposedInitramfs;
import dev.moonboot.assets.compose.ComposedInitramfs.Layer;
import dev.moonboot.assets.compose.InitramfsOrder;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.tree.TreeNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Writes everything one after the other; an extension called {@code mute} is refused. */
final class ToyComposer implements Making.Composer {
  final AtomicInteger runs = new AtomicInteger();

  /** Comes at the end: another moonboot may make other bytes. */
  volatile String salt = "";

  /** Thrown in the middle of the work, when half is written. */
  volatile @Nullable Error crash;

  @Override
  public ComposedInitramfs compose(InitramfsOrder order, Path scratch) {
    runs.incrementAndGet();
    try {
      List<Layer> layers = new ArrayList<>();
      ByteArrayOutputStream added = new ByteArrayOutputStream();
      for (InitramfsOrder.Extension extension : order.extensions()) {
        if (extension.manifest().name().equals("mute")) {
          throw new ComposeException("extension " + extension.name() + " says nothing");
        }
        ByteArrayOutputStream own = new ByteArrayOutputStream();
        extension
            .rootfs()
            .walk((path, node) -> {
              own.writeBytes((path + "\n").getBytes(UTF_8));
              if (node instanceof TreeNode.File file) {
                try (InputStream in = file.content().open()) {
                  in.transferTo(own);
                }
              }
            });
        added.writeBytes(own.toByteArray());
        layers.add(
            new Layer(
                layers.size() + ".sqsh",
                extension.manifest(),
                ComposedInitramfs.Origin.ADDED,
                own.size(),
                Digest.of(own.toByteArray())));
      }
      byte[] base = Files.readAllBytes(order.base());
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.writeBytes(base);
      whole.writeBytes(added.toByteArray());
      whole.writeBytes(salt.getBytes(UTF_8));
      Files.write(scratch.resolve("half"), base);
      Error now = crash;
      if (now != null) {
        throw now;
      }
      Files.delete(scratch.resolve("half"));
      return new ComposedInitramfs(
          order.whole() ? found(scratch.resolve("whole"), whole.toByteArray()) : null,
          order.parts() ? found(scratch.resolve("base"), base) : null,
          order.parts() ? found(scratch.resolve("added"), added.toByteArray()) : null,
          layers,
          List.of("toy"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Found found(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    return new Found(file, bytes.length, Digest.of(bytes), "toy");
  }
}
