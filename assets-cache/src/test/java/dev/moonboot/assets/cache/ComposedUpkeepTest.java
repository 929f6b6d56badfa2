package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Following;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.build.LockFile;
import dev.moonboot.assets.build.LockedBuild;
import dev.moonboot.assets.build.LockedRecipes;
import dev.moonboot.assets.build.RecipeText;
import dev.moonboot.assets.compose.ComposeException;
import dev.moonboot.assets.store.Inputs;
import dev.moonboot.files.Disk;
import dev.moonboot.files.SealedFile;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a channel of builds where something of cache, state or lock file is not there.
 */
class ComposedUpkeepTest {
  @TempDir Path root;
  private ComposeLab lab;

  @BeforeEach
  void open() {
    lab = new ComposeLab(root);
  }

  @AfterEach
  void close() throws IOException {
    Invariants.check(root, lab.cache(), lab.channel());
    lab.close();
  }

  private Path recipe(Release release) {
    return CacheFixture.state(root).resolve("recipes/" + release.digest().fileName() + ".json");
  }

  /** A build that is put upon the one of the lab. */
  private Channel upon() {
    Composition composition =
        Composition.of("gateway", new Base.OfChannel("compute"))
            .extensions(List.of(lab.part("acme/four")))
            .build();
    return new Channel(
        "gateway",
        new ImageReference(new SourceImage.Composed(composition), null, null),
        lab.arches);
  }

  @Test
  void a_recipe_that_was_lost_is_kept_again_so_that_others_can_be_put_upon_its_release()
      throws IOException {
    lab.push("acme/four", "v1", ExtensionImages.named("four", "v1.0.0"));
    Release head = lab.updated();
    for (String spoilt : List.of("", "spoilt")) {
      Files.delete(recipe(head));
      if (!spoilt.isEmpty()) {
        Files.writeString(recipe(head), spoilt);
      }
      lab.reopen();
      assertEquals(new Unchanged(head), lab.look());
      assertEquals(
          head.digest(), RecipeText.digest(RecipeText.read(SealedFile.read(recipe(head)))));
    }
    Refresh gateway = refresh(lab.cache(), upon());
    assertInstanceOf(Updated.class, gateway, gateway.toString());
  }

  @Test
  void a_lost_head_is_made_again_though_what_is_new_lacks_an_architecture() throws IOException {
    Release head = lab.updated();
    lab.push(
        "acme/one",
        "v1",
        TestImage.single(
            Optional.ofNullable(ExtensionImages.named("one", "v2").platforms().get(Arch.ARM64))
                .orElseThrow()));
    lab.cache().close();
    for (String lost : List.of("releases", "blobs", "inputs")) {
      Disk.deleteTree(root.resolve(lost));
    }
    lab.reopen();
    assertEquals(Optional.empty(), lab.head());
    Refresh outcome = lab.look();
    assertEquals(Optional.of(head.digest()), lab.head(), outcome.toString());
  }

  @Test
  void a_base_whose_files_are_gone_from_the_disk_is_pulled_instead() throws IOException {
    Release plain = assertInstanceOf(Updated.class, refresh(lab.cache(), lab.plain())).head();
    Files.delete(plain.asset(Arch.AMD64, AssetName.VMLINUZ).orElseThrow().file());
    Refresh outcome = lab.look();
    assertInstanceOf(Updated.class, outcome, outcome.toString());
  }

  @Test
  void nothing_is_put_upon_an_older_base_while_the_newer_is_damaged() throws IOException {
    lab.base = new Base.OfChannel("talos");
    assertInstanceOf(Updated.class, refresh(lab.cache(), lab.plain()));
    lab.updated();
    Digest newer =
        lab.push(
            ComposeLab.IMAGER,
            "v1.13.9",
            TestImages.imager(TestImages.Content.DEFAULT.withSeed(2)));
    Release base = assertInstanceOf(Updated.class, refresh(lab.cache(), lab.plain())).head();
    Release head = lab.updated();
    lab.registry.fault(
        request -> request.path().endsWith(newer.toString()), 1000, FakeRegistryFault.status(503));
    Files.delete(base.asset(Arch.AMD64, AssetName.INITRAMFS).orElseThrow().file());
    lab.cache().scrub(Progress.NONE);
    assertEquals(Optional.empty(), lab.cache().release(newer));
    lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.1"));
    Refresh outcome = lab.look();
    Failed failed = assertInstanceOf(Failed.class, outcome, outcome.toString());
    assertTrue(failed.why().startsWith("base channel:talos has no head yet"), failed.why());
    assertEquals(Optional.of(head.digest()), lab.head());
  }

  @Test
  void what_cannot_be_composed_for_one_architecture_is_published_for_none() throws IOException {
    lab.arches = List.of(Arch.AMD64, Arch.ARM64);
    Release before = lab.updated();
    Set<String> blobs = names("blobs/sha256");
    Set<String> releases = names("releases");
    lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.1"));
    lab.making = ComposeLab.Making.REAL;
    List<Arch> composed = new ArrayList<>();
    lab.real =
        (order, scratch) -> {
          composed.add(order.arch());
          if (order.arch() == Arch.ARM64) {
            throw new ComposeException("as if it would not boot");
          }
          return lab.composer.compose(order, scratch);
        };
    lab.reopen();
    Rejected rejected = assertInstanceOf(Rejected.class, lab.look());
    assertTrue(rejected.why().endsWith("as if it would not boot"), rejected.why());
    assertEquals(List.of(Arch.AMD64, Arch.ARM64), composed);
    assertEquals(Optional.of(before), lab.cache().head(lab.channel()));
    assertEquals(blobs, names("blobs/sha256"));
    assertEquals(releases, names("releases"));
  }

  private Set<String> names(String folder) throws IOException {
    Set<String> names = new TreeSet<>();
    try (var files = Files.newDirectoryStream(root.resolve(folder))) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    return names;
  }

  @Test
  void r_26_a_start_costs_no_layer_where_nothing_moved() {
    Digest hello = lab.push("siderolabs/hello", "1.0.0", ExtensionImages.hello());
    lab.push(
        "siderolabs/extensions",
        "v1.13.9",
        ExtensionImages.catalog(
            List.of(ExtensionImages.line("ghcr.io/siderolabs/hello:1.0.0", hello))));
    lab.extensions.add(new Part.Official("siderolabs/hello"));
    Release head = lab.updated();
    long layers = lab.pulls("siderolabs/extensions");
    lab.reopen();
    lab.registry.forget();
    assertEquals(new Unchanged(head), lab.look());
    assertEquals(5, lab.registry.count(Kind.HEAD_MANIFEST)); // base, three extensions, catalog
    assertTrue(lab.pulls("siderolabs/extensions") < layers, "all but the catalog's layer");
    assertEquals(
        lab.pulls("siderolabs/extensions"), lab.registry.count(Kind.BLOB)); // of nothing else
    assertEquals(1, lab.composer.runs.get());
    lab.registry.forget();
    assertEquals(new Unchanged(head), lab.look());
    assertEquals(5, lab.registry.requests().size());
  }

  @Test
  void what_is_pulled_to_resolve_alone_is_bounded_too() throws IOException {
    lab.push("siderolabs/extensions", "v1.13.9", ExtensionImages.catalog(List.of()));
    lab.extensions.add(new Part.Official("siderolabs/none"));
    Path old = root.resolve("inputs/" + Digest.of(new byte[1]).hex());
    try (FileChannel sparse = FileChannel.open(old, CREATE, WRITE)) {
      sparse.write(ByteBuffer.allocate(1), Inputs.MOST_BYTES);
    }
    Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
    assertInstanceOf(Rejected.class, lab.look());
    assertTrue(Files.notExists(old));
  }

  @Test
  void a_lock_file_that_is_cut_damaged_or_gone_leaves_the_head() throws IOException {
    Recipe first = RecipeText.read(SealedFile.read(recipe(lab.updated())));
    lab.following = Following.LOCK;
    Path file = root.resolve("moonboot.lock");
    LockFile.EMPTY
        .with("compute", LockedBuild.of(lab.composition(), first, false, "", _ -> ""))
        .write(file);
    String text = Files.readString(file);
    lab.locked = new LockedRecipes(file, "", List.of(lab.channel()));
    lab.reopen();
    Optional<Digest> head = lab.head();
    lab.look();
    assertEquals(head, lab.head());
    lab.registry.forget();
    for (int end = 0; end < text.stripTrailing().length(); end++) {
      Files.writeString(file, text.substring(0, end)); // as an editor that writes in place
      Failed failed = assertInstanceOf(Failed.class, lab.look(), "cut after " + end);
      assertTrue(failed.why().contains("moonboot.lock"), failed.why());
      assertEquals(head, lab.head());
    }
    Files.delete(file);
    Failed gone = assertInstanceOf(Failed.class, lab.look());
    assertEquals("moonboot.lock has no build compute: moonboot build lock compute", gone.why());
    Files.writeString(file, text);
    assertInstanceOf(Unchanged.class, lab.look());
    assertEquals(List.of(), lab.registry.requests());
    assertEquals(head, lab.head());
  }
}
