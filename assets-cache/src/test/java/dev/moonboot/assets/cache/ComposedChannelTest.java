package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Following;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Refresh.Caution;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Grounds;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.ReleaseTexts;
import dev.moonboot.assets.build.RecipeSource;
import dev.moonboot.assets.build.RecipeText;
import dev.moonboot.files.Disk;
import dev.moonboot.files.SealedFile;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryRequest;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A channel of which every release is put together here, followed as any other. */
class ComposedChannelTest {
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

  private static Asset asset(Release release, AssetName name) {
    return release.asset(Arch.AMD64, name).orElseThrow();
  }

  private static Build build(Release release) {
    return Optional.ofNullable(release.builds().get(Arch.AMD64)).orElseThrow();
  }

  private static String text(Release release, AssetName name) throws IOException {
    return Files.readString(asset(release, name).file(), ISO_8859_1);
  }

  private static Recipe recipe(Release release) throws IOException {
    Json.Obj record = (Json.Obj) JsonText.parse(text(release, AssetName.RECORD));
    return RecipeText.read(record.object("recipe").orElseThrow());
  }

  private static Map<String, Digest> bytes(Release release) {
    Map<String, Digest> all = new LinkedHashMap<>();
    release
        .builds()
        .forEach((arch, build) ->
            AssetName.sorted(build.assets())
                .forEach((name, asset) -> {
                  if (name != AssetName.RECORD) {
                    all.put(name.flatName(arch), asset.digest());
                  }
                }));
    return all;
  }

  @Test
  void a_base_and_three_extensions_become_a_release() throws IOException {
    lab.arguments = List.of("console=ttyS0");
    Release head = lab.updated();
    assertEquals("build:compute", head.source());
    assertEquals("v1.13.9", head.version());
    assertEquals(List.of("one v1.0.0", "two v1.0.0", "three v1.0.0"), build(head).extensions());
    assertEquals(
        Set.of(
            AssetName.VMLINUZ,
            AssetName.INITRAMFS,
            AssetName.CMDLINE,
            AssetName.RECORD,
            ReleaseTexts.SBOM,
            ReleaseTexts.SHA512),
        build(head).assets().keySet());
    assertTrue(text(head, AssetName.CMDLINE).contains(" console=ttyS0"));
    String initramfs = text(head, AssetName.INITRAMFS);
    assertTrue(initramfs.contains("three amd64"), "the last extension is in it");
    assertEquals(
        Digest.of(TestImages.Content.DEFAULT.kernel(Arch.AMD64)),
        asset(head, AssetName.VMLINUZ).digest());
    lab.reopen();
    assertEquals(Optional.of(head), lab.cache().head(lab.channel()));
  }

  @Test
  void its_record_tells_what_it_is_made_of() throws IOException {
    lab.push("acme/one", "v1", ExtensionImages.frr());
    Release head = lab.updated();
    Json.Obj record = (Json.Obj) JsonText.parse(text(head, AssetName.RECORD));
    Recipe recipe = recipe(head);
    assertEquals(head.digest(), RecipeText.digest(recipe));
    assertEquals(3, record.array("initramfsLayers").orElseThrow().size());
    assertTrue(record.text("commandLine").orElseThrow().startsWith("talos.platform=metal "));
    Json.Obj lint = (Json.Obj) record.array("lint").orElseThrow().getFirst();
    assertEquals(recipe.extensions().getFirst().name(), lint.text("reference").orElseThrow());
  }

  @Test
  void what_did_not_move_costs_one_head_for_each_tag_and_no_write() throws IOException {
    Release head = lab.updated();
    assertEquals(new Unchanged(head), lab.look());
    lab.registry.forget();
    Set<String> before = CacheFixture.everything(root);
    assertEquals(new Unchanged(head), lab.look());
    assertEquals(4, lab.registry.count(Kind.HEAD_MANIFEST));
    assertEquals(4, lab.registry.requests().size());
    assertEquals(before, CacheFixture.everything(root));
    assertEquals(1, lab.composer.runs.get());
  }

  @Test
  void a_tag_that_moved_makes_a_release_and_only_what_is_new_comes() {
    Release before = lab.updated();
    long base = lab.pulls(ComposeLab.IMAGER);
    long one = lab.pulls("acme/one");
    lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.1"));
    Release after = lab.updated();
    assertNotEquals(before.digest(), after.digest());
    assertEquals(List.of("one v1.0.0", "two v1.0.1", "three v1.0.0"), build(after).extensions());
    assertEquals(List.of(after, before), lab.cache().releases(lab.channel()));
    // configurations are asked for again, layers are not
    assertEquals(base + 1, lab.pulls(ComposeLab.IMAGER));
    assertEquals(one + 1, lab.pulls("acme/one"));
  }

  @Test
  void a_base_that_a_channel_holds_is_not_pulled_for_another() {
    assertInstanceOf(Updated.class, refresh(lab.cache(), lab.plain()));
    long pulls = lab.pulls(ComposeLab.IMAGER);
    lab.updated();
    assertEquals(pulls + 1, lab.pulls(ComposeLab.IMAGER)); // its configuration
  }

  @Test
  void what_follows_a_channel_follows_its_head() {
    lab.base = new Base.OfChannel("talos");
    Failed early = assertInstanceOf(Failed.class, lab.look());
    assertTrue(early.why().contains("base channel:talos has no head yet"), early.why());
    assertInstanceOf(Updated.class, refresh(lab.cache(), lab.plain()));
    Release one = lab.updated();
    assertInstanceOf(Unchanged.class, lab.look());
    lab.push(
        ComposeLab.IMAGER, "v1.13.9", TestImages.imager(TestImages.Content.DEFAULT.withSeed(2)));
    assertInstanceOf(Unchanged.class, lab.look()); // not before the channel itself has moved
    assertInstanceOf(Updated.class, refresh(lab.cache(), lab.plain()));
    Release two = lab.updated();
    assertNotEquals(asset(one, AssetName.INITRAMFS), asset(two, AssetName.INITRAMFS));
  }

  @Test
  void a_refused_extension_leaves_the_old_head_and_is_told_with_all_that_is_wrong() {
    Release before = lab.updated();
    lab.push("acme/one", "v1", ExtensionImages.usrMerge());
    lab.push("acme/three", "v1", ExtensionImages.tooNew());
    Rejected rejected = assertInstanceOf(Rejected.class, lab.look());
    assertEquals(Grounds.CONTENT, rejected.grounds());
    assertTrue(
        rejected
            .why()
            .startsWith(
                "build:compute: extension "
                    + lab.image("acme/one", "v1")
                    + " (usrmerge 1.0.0) (amd64): error "),
        rejected.why());
    assertTrue(rejected.why().contains("toonew"), rejected.why());
    assertEquals(Optional.of(before.digest()), lab.head());
    assertEquals(1, lab.composer.runs.get());
    assertEquals(rejected, lab.look()); // and is not tried again for a while
  }

  @Test
  void warnings_refuse_only_what_is_strict() {
    lab.push("acme/one", "v1", ExtensionImages.frr());
    lab.strict = true;
    Rejected rejected = assertInstanceOf(Rejected.class, lab.look());
    assertTrue(rejected.why().contains("warning setuid"), rejected.why());
    lab.strict = false;
    lab.reopen();
    lab.updated();
  }

  @Test
  void what_is_held_with_warnings_is_refused_to_who_is_strict_without_composing_it_again() {
    lab.push("acme/one", "v1", ExtensionImages.frr());
    lab.name = "gateway";
    lab.strict = true;
    Rejected composing = assertInstanceOf(Rejected.class, lab.look());
    lab.name = "compute";
    lab.strict = false;
    Release held = lab.updated();
    lab.reopen(); // what was refused is forgotten
    lab.name = "gateway";
    lab.strict = true;
    assertEquals(held.digest(), composing.digest());
    assertEquals(composing, lab.look());
    assertEquals(Optional.empty(), lab.head());
    assertEquals(1, lab.composer.runs.get());
    lab.strict = false;
    assertEquals(held.digest(), lab.updated().digest());
    assertEquals(1, lab.composer.runs.get());
  }

  @Test
  void a_head_with_warnings_stays_and_is_told_of_where_its_channel_becomes_strict() {
    lab.push("acme/one", "v1", ExtensionImages.frr());
    Release head = lab.updated();
    lab.strict = true;
    lab.reopen();
    Rejected rejected = assertInstanceOf(Rejected.class, lab.look());
    assertTrue(rejected.why().contains("(frr v1.0.2) (amd64): warning setuid"), rejected.why());
    assertEquals(Optional.of(head.digest()), lab.head());
    lab.push("acme/one", "v1", ExtensionImages.named("one", "v1.0.0"));
    lab.updated();
  }

  @Test
  void what_cannot_be_composed_is_rejected_with_the_reason() {
    lab.push("acme/one", "v1", ExtensionImages.named("mute", "v1"));
    Rejected rejected = assertInstanceOf(Rejected.class, lab.look());
    assertEquals(
        "build:compute: extension " + lab.image("acme/one", "v1") + " says nothing",
        rejected.why());
  }

  @Test
  void an_input_that_cannot_be_had_is_named_as_it_was_written() {
    lab.extensions.set(1, lab.part("acme/gone"));
    Failed failed = assertInstanceOf(Failed.class, lab.look());
    assertEquals(Trouble.TAG_MISSING, failed.trouble());
    assertTrue(
        failed.why().startsWith("extension " + lab.image("acme/gone", "v1") + ": "), failed.why());
  }

  @Test
  void an_input_without_an_architecture_is_rejected_by_its_name() {
    lab.push(
        "acme/one",
        "v1",
        TestImage.single(
            Optional.ofNullable(ExtensionImages.named("one", "v2").platforms().get(Arch.ARM64))
                .orElseThrow()));
    Rejected rejected = assertInstanceOf(Rejected.class, lab.look());
    assertTrue(rejected.why().contains("input " + lab.image("acme/one", "v1")), rejected.why());
  }

  @Test
  void the_same_extension_twice_is_refused() {
    lab.extensions.add(lab.part("acme/one"));
    Rejected rejected = assertInstanceOf(Rejected.class, lab.look());
    assertTrue(rejected.why().contains("is the same image as"), rejected.why());
  }

  @Test
  void official_extensions_come_through_the_catalog_of_the_bases_version() {
    Digest hello = lab.push("siderolabs/hello", "1.0.0", ExtensionImages.hello());
    lab.push(
        "siderolabs/extensions",
        "v1.13.9",
        ExtensionImages.catalog(
            List.of(ExtensionImages.line("ghcr.io/siderolabs/hello:1.0.0", hello))));
    lab.extensions = new ArrayList<>(List.of(new Part.Official("siderolabs/hello")));
    Release head = lab.updated();
    assertEquals(List.of("hello 1.0.0"), build(head).extensions());
    assertEquals(
        List.of("siderolabs/hello", lab.image("siderolabs/extensions", "v1.13.9").toString()),
        head.admission().inputs().stream().skip(1).map(input -> input.name()).toList());
    lab.registry.forget();
    assertEquals(new Unchanged(head), lab.look());
    assertEquals(2, lab.registry.requests().size()); // base and catalog: two HEADs
    assertEquals(2, lab.registry.count(Kind.HEAD_MANIFEST));
    lab.extensions = new ArrayList<>(List.of(new Part.Official("siderolabs/helo")));
    Rejected rejected = assertInstanceOf(Rejected.class, lab.look());
    assertTrue(rejected.why().contains("did you mean siderolabs/hello"), rejected.why());
  }

  @Test
  void a_base_without_a_telling_tag_tells_its_version_by_what_is_in_it() {
    lab.push("cozystack/talos", "latest", TestImages.installer(TestImages.Content.DEFAULT));
    lab.base = new Base.Image(lab.image("cozystack/talos", "latest"));
    assertEquals("v1.13.9", lab.updated().version());
    lab.registry.forget();
    lab.look();
    assertEquals(4, lab.registry.requests().size());
  }

  @Test
  void a_base_that_is_not_what_its_tag_says_is_refused() {
    lab.push("acme/talos", "v1.12.0", TestImages.installer(TestImages.Content.DEFAULT));
    lab.base = new Base.Image(lab.image("acme/talos", "v1.12.0"));
    Rejected rejected = assertInstanceOf(Rejected.class, lab.look());
    assertTrue(
        rejected.why().contains("is Talos v1.13.9 by what is in it and v1.12.0 by its name"),
        rejected.why());
  }

  @Test
  void an_inputs_tag_that_went_back_is_held_and_can_be_accepted() {
    Release one = lab.updated();
    Digest old = lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.0"));
    lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.1"));
    Release two = lab.updated();
    lab.registry.tag("acme/two", "v1", old);
    Held held = assertInstanceOf(Held.class, lab.look());
    assertEquals(Caution.ROLLBACK, held.caution());
    assertEquals(one.digest(), held.digest());
    assertEquals(Optional.of(two.digest()), lab.head());
    lab.cache().accept(lab.channel(), one.digest());
    assertEquals(one.digest(), lab.updated().digest());
  }

  @Test
  void what_a_person_takes_out_of_the_configuration_again_is_no_going_back() {
    Release one = lab.updated();
    Part three = lab.extensions.removeLast();
    Release two = lab.updated();
    lab.extensions.add(three);
    assertEquals(one.digest(), lab.updated().digest());
    lab.extensions.removeLast();
    assertEquals(two.digest(), lab.updated().digest());
  }

  @Test
  void a_lock_file_alone_moves_what_follows_it() throws IOException {
    Release one = lab.updated();
    Recipe recipe = recipe(one);
    lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.1"));
    Release two = lab.updated();
    Recipe other = recipe(two);
    lab.following = Following.LOCK;
    Failed failed = assertInstanceOf(Failed.class, lab.look());
    assertTrue(failed.why().contains("lock file"), failed.why());
    Recipe[] now = {recipe};
    lab.locked = (_, _) -> new RecipeSource.Locked.Fixed(now[0]);
    lab.reopen();
    assertEquals(one.digest(), lab.updated().digest());
    lab.registry.forget();
    assertInstanceOf(Unchanged.class, lab.look());
    assertEquals(List.of(), lab.registry.requests());
    now[0] = other;
    assertEquals(two.digest(), lab.updated().digest());
    now[0] = recipe; // the file is a person's: reverting it is meant
    assertEquals(one.digest(), lab.updated().digest());
  }

  @Test
  void a_release_that_is_not_held_any_more_is_made_again_from_its_recipe() throws IOException {
    Release one = lab.updated();
    Map<String, Digest> bytes = bytes(one);
    lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.1"));
    lab.updated();
    lab.cache().close();
    Files.delete(root.resolve("releases/" + one.digest().fileName() + ".json"));
    for (Digest blob : bytes.values()) {
      Files.deleteIfExists(root.resolve("blobs/sha256/" + blob.hex()));
    }
    lab.reopen();
    Fetched fetched = lab.cache().fetch(lab.channel(), one.digest(), Progress.NONE);
    Release again = assertInstanceOf(Fetched.Held.class, fetched).release();
    assertEquals(one.digest(), again.digest());
    assertEquals(bytes, bytes(again));
  }

  @Test
  void a_release_of_an_older_format_is_served_and_cannot_be_made_again() throws IOException {
    Release head = lab.updated();
    Path recipe = CacheFixture.state(root).resolve("recipes/" + head.digest().fileName() + ".json");
    Map<String, Json> kept = new LinkedHashMap<>(SealedFile.read(recipe).members());
    kept.remove("schema");
    kept.put("format", Json.Num.of(RecipeText.FORMAT - 1));
    SealedFile.write(recipe, new Json.Obj(kept), Files.getPosixFilePermissions(recipe));
    lab.reopen();
    assertEquals(Optional.of(head), lab.cache().head(lab.channel()));
    assertEquals(
        asset(head, AssetName.INITRAMFS).size(),
        Files.size(asset(head, AssetName.INITRAMFS).file()));
    lab.cache().close();
    Files.delete(root.resolve("releases/" + head.digest().fileName() + ".json"));
    lab.reopen();
    Fetched.Failed failed =
        assertInstanceOf(
            Fetched.Failed.class, lab.cache().fetch(lab.channel(), head.digest(), Progress.NONE));
    assertTrue(failed.why().contains("is not known here"), failed.why());
  }

  @Test
  void what_nobody_knows_the_recipe_of_cannot_be_made() {
    Digest unknown = Digest.of(new byte[] {1});
    Fetched.Failed failed =
        assertInstanceOf(
            Fetched.Failed.class, lab.cache().fetch(lab.channel(), unknown, Progress.NONE));
    assertTrue(failed.why().contains("is not known here"), failed.why());
    Fetched.Failed tag =
        assertInstanceOf(
            Fetched.Failed.class, lab.cache().fetch(lab.channel(), "v1.13.9", Progress.NONE));
    assertTrue(tag.why().contains("has no tags"), tag.why());
  }

  @Test
  void a_cache_that_was_lost_is_made_again_though_an_input_is_gone() throws IOException {
    Release one = lab.updated();
    lab.registry.untag("acme/two", "v1");
    lab.cache().close();
    Disk.deleteTree(root.resolve("releases"));
    Disk.deleteTree(root.resolve("blobs"));
    Disk.deleteTree(root.resolve("inputs"));
    lab.reopen();
    assertEquals(Optional.empty(), lab.head());
    lab.look();
    assertEquals(Optional.of(one.digest()), lab.head());
  }

  @Test
  void c_03_a_crash_while_composing_leaves_nothing_and_the_next_look_makes_it() throws IOException {
    Release before = lab.updated();
    lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.1"));
    lab.composer.crash = new StackOverflowError("as if the power were cut");
    CacheException crashed = assertThrows(CacheException.class, lab::look);
    assertSame(lab.composer.crash, crashed.getCause());
    assertEquals(Optional.of(before.digest()), lab.head());
    lab.composer.crash = null;
    lab.reopen();
    assertEquals(Optional.of(before.digest()), lab.head());
    Release after = lab.updated();
    assertEquals(List.of(after, before), lab.cache().releases(lab.channel()));
    try (var left = Files.list(root.resolve("ingest"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void x_20_what_an_interrupted_pull_of_an_input_left_is_resumed() {
    TestImage.Platform three =
        Optional.ofNullable(ExtensionImages.named("three", "v1.0.0").platforms().get(Arch.AMD64))
            .orElseThrow();
    lab.registry.fault(
        request -> request.path().endsWith(three.layers().getFirst().digest().toString()),
        1000,
        FakeRegistryFault.status(503));
    assertInstanceOf(Failed.class, lab.look());
    assertEquals(Optional.empty(), lab.head());
    lab.registry.heal();
    lab.registry.forget();
    lab.reopen();
    lab.updated();
    List<String> blobs =
        lab.registry.requests(Kind.BLOB).stream().map(FakeRegistryRequest::path).toList();
    long layersOfOne = blobs.stream().filter(path -> path.contains("acme/one")).count();
    assertEquals(1, layersOfOne); // its configuration
  }

  @Test
  void parts_are_two_files_and_the_whole_is_not_made_where_nobody_wants_it() {
    lab.outputs = Set.of(Output.PARTS);
    assertEquals(
        Set.of(
            AssetName.VMLINUZ,
            AssetName.INITRAMFS_BASE,
            AssetName.INITRAMFS_EXTENSIONS,
            AssetName.CMDLINE,
            AssetName.RECORD,
            ReleaseTexts.SBOM,
            ReleaseTexts.SHA512),
        build(lab.updated()).assets().keySet());
  }

  @Test
  void every_architecture_is_made_or_nothing() {
    lab.arches = List.of(Arch.AMD64, Arch.ARM64);
    Release head = lab.updated();
    assertEquals(Set.of(Arch.AMD64, Arch.ARM64), head.builds().keySet());
    assertTrue(head.asset(Arch.ARM64, AssetName.IMAGE).isPresent());
  }
}
