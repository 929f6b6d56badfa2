package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Caution;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.VersionLine;
import dev.moonboot.assets.build.RecipeText;
import dev.moonboot.files.Disk;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryRequest;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.LayoutFixture;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A composed channel whose base is the newest patch release of one line. */
class VersionLineChannelTest {
  private static final VersionLine LINE = new VersionLine(1, 13, false);

  @TempDir Path root;
  @TempDir Path elsewhere;
  private ComposeLab lab;

  @BeforeEach
  void open() {
    lab = new ComposeLab(root);
    lab.base = new Base.Line(lab.image(ComposeLab.IMAGER, "x").source(), LINE);
    imager("v1.13.8");
  }

  @AfterEach
  void close() throws IOException {
    Invariants.check(root, lab.cache(), lab.channel());
    lab.close();
  }

  private Digest imager(String version) {
    return lab.push(
        ComposeLab.IMAGER,
        version,
        TestImages.imager(TestImages.Content.DEFAULT.withVersion(version)));
  }

  private Refresh look() {
    return refresh(lab.cache(), lab.channel());
  }

  private Release updated() {
    return assertInstanceOf(Updated.class, look()).head();
  }

  private static Recipe recipe(Release release) throws IOException {
    Path record = release.asset(Arch.AMD64, AssetName.RECORD).orElseThrow().file();
    Json.Obj text = (Json.Obj) JsonText.parse(Files.readString(record));
    return RecipeText.read(text.object("recipe").orElseThrow());
  }

  private String line() {
    return lab.base.name();
  }

  @Test
  void takes_the_newest_patch_release_with_all_that_follows_from_its_version() throws IOException {
    lab.push("siderolabs/installer-base", "v1.13.9", ExtensionImages.named("ib", "1"));
    Digest gvisor = lab.push("siderolabs/gvisor", "2025", ExtensionImages.named("gvisor", "2025"));
    lab.push(
        "siderolabs/extensions",
        "v1.13.9",
        ExtensionImages.catalog(
            List.of(ExtensionImages.line("ghcr.io/siderolabs/gvisor:2025", gvisor))));
    lab.extensions.add(new Part.Official("siderolabs/gvisor"));
    lab.outputs = Set.of(Output.INITRAMFS, Output.INSTALLER);
    Release head = updated();
    assertEquals("v1.13.9", head.version());
    Recipe recipe = recipe(head);
    assertEquals(line(), recipe.base().name());
    assertEquals(lab.image(ComposeLab.IMAGER, "v1.13.9"), recipe.base().image());
    assertEquals(
        Optional.of(lab.image("siderolabs/installer-base", "v1.13.9")),
        Optional.ofNullable(recipe.installerBase()).map(Recipe.Input::image));
    assertEquals(gvisor, recipe.extensions().getLast().digest());
  }

  @Test
  void is_the_release_that_the_exact_version_makes() {
    Release head = updated();
    lab.base = new Base.Image(lab.image(ComposeLab.IMAGER, "v1.13.9"));
    assertEquals(head, assertInstanceOf(Unchanged.class, look()).head());
  }

  @Test
  void a_new_patch_release_becomes_a_new_release_like_any_other() {
    Release before = updated();
    imager("v1.13.10");
    imager("v1.14.0");
    imager("v1.13.11-rc.0");
    Release after = updated();
    assertEquals("v1.13.10", after.version());
    assertEquals(List.of(after, before), lab.cache().releases(lab.channel()));
  }

  @Test
  void what_did_not_move_costs_one_list_more_and_no_write() throws IOException {
    Release head = updated();
    assertEquals(new Unchanged(head), look());
    lab.registry.forget();
    Set<String> before = CacheFixture.everything(root);
    assertEquals(new Unchanged(head), look());
    assertEquals(4, lab.registry.count(Kind.HEAD_MANIFEST));
    assertEquals(5, lab.registry.requests().size());
    assertEquals(before, CacheFixture.everything(root));
  }

  @Test
  void a_version_whose_tag_is_moved_is_followed_too() {
    Release before = updated();
    lab.push(
        ComposeLab.IMAGER, "v1.13.9", TestImages.imager(TestImages.Content.DEFAULT.withSeed(7)));
    assertNotEquals(before.digest(), updated().digest());
  }

  @Test
  void a_version_that_is_gone_is_held_though_the_older_one_was_never_here() {
    Release head = updated();
    lab.registry.untag(ComposeLab.IMAGER, "v1.13.9");
    Held held = assertInstanceOf(Held.class, look());
    assertEquals(Caution.ROLLBACK, held.caution());
    assertEquals(
        "%s has v1.13.8 as its newest version now, and the head is v1.13.9; that makes %s: accept it, or pin it, if that is meant"
            .formatted(line(), held.digest()),
        held.why());
    assertEquals(Optional.of(head), lab.cache().head(lab.channel()));
  }

  @Test
  void it_is_held_while_other_inputs_move_and_over_a_start() {
    updated();
    lab.registry.untag(ComposeLab.IMAGER, "v1.13.9");
    Held held = assertInstanceOf(Held.class, look());
    lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.1"));
    assertNotEquals(held.digest(), assertInstanceOf(Held.class, look()).digest());
    lab.reopen();
    assertInstanceOf(Held.class, look());
  }

  @Test
  void it_is_held_when_the_configuration_changes_meanwhile() {
    updated();
    lab.registry.untag(ComposeLab.IMAGER, "v1.13.9");
    lab.arguments = List.of("quiet");
    assertInstanceOf(Held.class, look());
  }

  @Test
  void it_is_held_when_the_cache_was_lost_and_the_head_comes_back() throws IOException {
    Release head = updated();
    Digest base = recipe(head).base().digest();
    lab.cache().close();
    Disk.deleteTree(root.resolve("releases"));
    Disk.deleteTree(root.resolve("blobs"));
    Disk.deleteTree(root.resolve("inputs"));
    lab.registry.untag(ComposeLab.IMAGER, "v1.13.9");
    lab.reopen();
    Release again = updated();
    assertEquals(head.digest(), again.digest());
    assertEquals(base, recipe(again).base().digest());
    assertInstanceOf(Held.class, look());
  }

  @Test
  void a_person_can_accept_the_older_one_and_it_stays() {
    updated();
    lab.registry.untag(ComposeLab.IMAGER, "v1.13.9");
    Held held = assertInstanceOf(Held.class, look());
    lab.cache().accept(lab.channel(), held.digest());
    assertEquals("v1.13.8", updated().version());
    assertInstanceOf(Unchanged.class, look());
    imager("v1.13.10");
    assertEquals("v1.13.10", updated().version());
  }

  @Test
  void a_version_that_comes_back_ends_the_hold() {
    Release head = updated();
    lab.registry.untag(ComposeLab.IMAGER, "v1.13.9");
    assertInstanceOf(Held.class, look());
    lab.push(ComposeLab.IMAGER, "v1.13.9", TestImages.imager(TestImages.Content.DEFAULT));
    assertEquals(new Unchanged(head), look());
  }

  @Test
  void another_line_is_what_a_person_wrote_and_not_held() {
    updated();
    imager("v1.12.3");
    lab.base =
        new Base.Line(lab.image(ComposeLab.IMAGER, "x").source(), new VersionLine(1, 12, false));
    assertEquals("v1.12.3", updated().version());
  }

  @Test
  void a_line_without_a_version_is_told_with_the_way_to_its_pre_releases() {
    imager("v1.14.0-beta.1");
    SourceImage source = lab.image(ComposeLab.IMAGER, "x").source();
    lab.base = new Base.Line(source, new VersionLine(1, 14, false));
    Failed failed = assertInstanceOf(Failed.class, look());
    assertEquals(Trouble.TAG_MISSING, failed.trouble());
    assertTrue(
        failed
            .why()
            .endsWith(
                "imager:v1.14.*: none of the tags there (3) is a version of it; pre-releases count with"
                    + " v1.14.*-pre"),
        failed.why());
    lab.base = new Base.Line(source, new VersionLine(1, 14, true));
    assertEquals("v1.14.0-beta.1", updated().version());
  }

  @Test
  void a_list_that_cannot_be_had_leaves_the_head() {
    Release head = updated();
    lab.registry.fault(
        (FakeRegistryRequest request) -> request.path().endsWith("/tags/list"),
        Integer.MAX_VALUE,
        FakeRegistryFault.status(404));
    Failed failed = assertInstanceOf(Failed.class, look());
    assertTrue(failed.why().startsWith("base " + line() + ": "), failed.why());
    assertTrue(failed.why().contains("an exact tag can be named"), failed.why());
    assertEquals(Optional.of(head), lab.cache().head(lab.channel()));
  }

  @Test
  void the_policy_is_asked_for_the_version_by_its_own_name() {
    var signatures = new ToyPolicy.Signatures();
    lab.policy = ToyPolicy.trusting(signatures, "acme");
    lab.reopen();
    lab.extensions.clear();
    Rejected rejected = assertInstanceOf(Rejected.class, look());
    assertTrue(rejected.why().contains("input " + line() + ": nobody signed it"), rejected.why());
    signatures.sign(
        imager("v1.13.10"), "acme"); // the same policy lets the next version in, being signed
    Release head = updated();
    assertEquals(
        List.of(lab.image(ComposeLab.IMAGER, "v1.13.10").toString()),
        head.admission().inputs().stream().map(Admission.OfInput::source).toList());
  }

  @Test
  void images_on_disk_have_lines_too() {
    var layout = new LayoutFixture(elsewhere.resolve("talos"), false);
    for (String version : List.of("v1.13.9", "v1.13.10", "v1.13.2")) {
      layout.push("", version, TestImages.imager(TestImages.Content.DEFAULT.withVersion(version)));
    }
    lab.base = new Base.Line(layout.layout(), LINE);
    assertEquals("v1.13.10", updated().version());
    lab.base = new Base.Line(layout.archive(elsewhere.resolve("talos.tar")), LINE);
    assertInstanceOf(Unchanged.class, look());
  }
}
