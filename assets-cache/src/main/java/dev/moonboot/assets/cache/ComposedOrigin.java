package dev.moonboot.assets.cache;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.build.RecipeText;
import dev.moonboot.assets.build.RecordedLint;
import dev.moonboot.assets.build.Resolution;
import dev.moonboot.assets.build.Resolving;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.assets.verify.Verdict;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Several images put together here, by a recipe whose digest is that of the release. */
final class ComposedOrigin implements Origin {
  private static final String CATALOGS = "catalogs";

  private final Composing composing;
  private final Composition composition;
  private final RunImages images;
  private Resolution.@Nullable Fixed resolved;
  private @Nullable RegistryException unplanned;

  ComposedOrigin(Composing composing, Composition composition) {
    this.composing = composing;
    this.composition = composition;
    this.images = new RunImages(composing);
  }

  /** One that is known by nothing but its name: enough to make again what was made before. */
  static Composition known(String name) {
    return Composition.of(name, new Composition.Base.OfChannel(name))
        .platform("")
        .outputs(Set.of())
        .build();
  }

  @Override
  public Named resolve(ImageReference image, List<Arch> arches, Progress progress) {
    if (image.tag() != null) {
      return new Named.Not(
          new Refresh.Failed(
              Refresh.Trouble.TAG_MISSING,
              "build:%s has no tags: name a release by its digest".formatted(composition.name()),
              null));
    }
    images.tell(progress);
    try {
      return named(
          composing
              .resolving()
              .resolve(new Resolving.Order(composition, arches, progress), images));
    } finally {
      images.trim();
    }
  }

  private Named named(Resolution resolution) {
    return switch (resolution) {
      case Resolution.Not(var outcome) -> new Named.Not(outcome);
      case Resolution.Fixed fixed -> {
        resolved = fixed;
        composing.keepKnown(fixed);
        yield new Named.At(fixed.digest(), chosen(fixed.recipe()));
      }
    };
  }

  /** What stands in a lock file somebody chose. */
  private @Nullable Chosen chosen(Recipe recipe) {
    return composition.following() == Composition.Following.INPUTS
            && composition.base() instanceof Composition.Base.Line base
        ? new Chosen(base.name(), base.line(), TalosVersion.parse(recipe.version()).orElseThrow())
        : null;
  }

  /** What was resolved just now, or what is kept of a release that was made before. */
  private Resolution.Fixed recipe(Digest digest) {
    Resolution.Fixed now = resolved;
    if (now != null && now.digest().equals(digest)) {
      return now;
    }
    Json.Obj kept =
        Composing.kept(composing.store(), digest)
            .orElseThrow(() ->
                new RegistryException(
                    Reason.NOT_FOUND,
                    "build:%s: what %s was made of is not known here (any more); name a release that"
                            .formatted(composition.name(), digest)
                        + " is held"));
    List<Input> catalogs =
        kept.array(CATALOGS).orElse(List.of()).stream()
            .map(item -> RecipeText.readInput((Json.Obj) item))
            .toList();
    Resolution.Fixed again = new Resolution.Fixed(RecipeText.read(kept), catalogs);
    resolved = again;
    return again;
  }

  /** Every input under its own name, the catalogs too; one that is refused refuses all. */
  @Override
  public Verdict judge(Standings standings, WantedImage wanted) {
    images.tell(wanted.progress());
    unplanned = null; // what was judged before is not this one
    Resolution.Fixed recipe = recipe(wanted.digest());
    List<Input> inputs =
        Stream.concat(recipe.recipe().inputs().stream(), recipe.catalogs().stream()).toList();
    List<Admission.OfInput> admissions = new ArrayList<>();
    for (Input input : inputs) {
      switch (images.verdict(input)) {
        case Verdict.Refused(var why) -> {
          return new Verdict.Refused("input " + input.name() + ": " + why);
        }
        case Verdict.TooOld(var why) -> {
          return new Verdict.TooOld("input " + input.name() + ": " + why);
        }
        case Verdict.Admitted(var admission) ->
            admissions.add(
                new Admission.OfInput(
                    input.name(), input.image().toString(), input.digest(), Map.of(), admission));
      }
    }
    standings.admitted(wanted.image(), wanted.digest());
    return new Verdict.Admitted(Admission.of(withPlatforms(wanted, recipe, admissions)));
  }

  /** What is missing here is told when the release is planned: it is no matter of trust. */
  private List<Admission.OfInput> withPlatforms(
      WantedImage wanted, Resolution.Fixed recipe, List<Admission.OfInput> admissions) {
    List<Input> inputs = recipe.recipe().inputs();
    List<Admission.OfInput> complete = new ArrayList<>();
    for (int i = 0; i < admissions.size(); i++) {
      Admission.OfInput of = admissions.get(i);
      Map<Arch, Digest> platforms =
          i < inputs.size()
              ? platforms(inputs.get(i), wanted.arches())
              : ofCatalog(recipe.catalogs().get(i - inputs.size()));
      complete.add(
          new Admission.OfInput(of.name(), of.source(), of.digest(), platforms, of.admission()));
    }
    return complete;
  }

  /** Of whatever architectures it is there for: what is in it is the same for all. */
  private Map<Arch, Digest> ofCatalog(Input catalog) {
    Map<Arch, Digest> all = new EnumMap<>(Arch.class);
    for (Arch arch : Arch.values()) {
      try {
        all.put(arch, images.platform(catalog, arch).manifest());
      } catch (RegistryException e) {
        if (e.reason() != Reason.NO_PLATFORM) {
          unplanned = about(catalog, e);
        }
      }
    }
    return all;
  }

  private Map<Arch, Digest> platforms(Input input, List<Arch> arches) {
    try {
      return images.manifests(input, arches);
    } catch (RegistryException e) {
      unplanned = about(input, e);
      return Map.of();
    }
  }

  private static RegistryException about(Input input, RegistryException e) {
    return new RegistryException(
        e.reason(),
        "input " + input.name() + ": " + e.getMessage(),
        e,
        e.retryAfter().orElse(null));
  }

  /** Strictness is no part of a recipe: who was not strict made it with whatever it warned of. */
  @Override
  public Optional<String> objection(Release held) throws IOException {
    if (!composition.strict()) {
      return Optional.empty();
    }
    try {
      return RecordedLint.refusal(records(held), names(held.digest()));
    } catch (RuntimeException e) { // a member is missing or not what it should be
      throw new IOException("the record of " + held.digest() + " is not what it was: " + e, e);
    }
  }

  private static SortedMap<Arch, Json.Obj> records(Release held) throws IOException {
    SortedMap<Arch, Json.Obj> records = new TreeMap<>();
    for (Arch arch : held.builds().keySet()) {
      Path file = held.asset(arch, AssetName.RECORD).orElseThrow().file();
      records.put(arch, (Json.Obj) JsonText.parse(Files.readString(file)));
    }
    return records;
  }

  /** What extensions are called in what was resolved just now. */
  private Map<Digest, String> names(Digest digest) {
    Resolution.Fixed now = resolved;
    return now == null || !now.digest().equals(digest)
        ? Map.of()
        : now.recipe().extensions().stream()
            .collect(Collectors.toMap(Input::digest, Input::name, (a, _) -> a));
  }

  @Override
  public Make plan(WantedImage wanted, Admission admission) {
    RegistryException why = unplanned;
    if (why != null) {
      throw why;
    }
    Resolution.Fixed recipe = recipe(wanted.digest());
    if (!recipe.recipe().arches().containsAll(wanted.arches())) {
      throw new RegistryException(
          Reason.NO_PLATFORM,
          "its recipe is for %s; resolve it anew (moonboot build lock)"
              .formatted(recipe.recipe().arches()));
    }
    return new ComposedMake(composing, composition, images, wanted, recipe, admission);
  }

  /** What is kept with the state to make the release again. */
  static Json.Obj kept(Resolution.Fixed recipe) {
    var members = new LinkedHashMap<>(RecipeText.json(recipe.recipe()).members());
    members.put(
        CATALOGS, new Json.Arr(recipe.catalogs().stream().<Json>map(RecipeText::input).toList()));
    return new Json.Obj(members);
  }

  @Override
  public void close() {
    images.close();
  }
}
