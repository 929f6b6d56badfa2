package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.VersionLine;
import dev.moonboot.assets.cache.FactoryFiles.Came;
import dev.moonboot.assets.cache.FactoryFiles.Part;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.assets.registry.WebFiles;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.assets.store.Ingest;
import dev.moonboot.assets.verify.Verdict;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Boot files from an Image Factory. A schematic that is written out is posted first, and the id in
 * the answer is the one that counts. The factory is asked for nothing while a release of that id
 * and version is held: both name one thing for ever. Where a line of versions is followed, it is
 * asked at each look which versions there are.
 *
 * <p>Nothing that a factory makes carries a signature, so the policy is asked by name alone, before
 * anything is fetched.
 */
final class FactoryOrigin implements Origin {
  private static final System.Logger LOG = System.getLogger(FactoryOrigin.class.getName());
  private static final int MOST_ANSWER = 256 << 10;
  private static final int MOST_VERSIONS = 20_000;

  /** The files of a release must be of one make; a factory may make them anew one day. */
  private static final Duration RESUMABLE = Duration.ofHours(1);

  private final SourceImage.Factory factory;
  private final Factories factories;
  private final WebFiles web;
  private final AtomicReference<@Nullable Ingest> ground = new AtomicReference<>();
  private @Nullable FactoryFiles files;
  private @Nullable ImageReference filesOf;
  private @Nullable Chosen chosen;
  private long downloaded;

  FactoryOrigin(SourceImage.Factory factory, Factories factories, WebFiles web) {
    this.factory = factory;
    this.factories = factories;
    this.web = web;
  }

  @Override
  public Named resolve(ImageReference image, List<Arch> arches, Progress progress) {
    ImageReference named = named(image, progress);
    Optional<Digest> held = factories.held(named, arches);
    if (held.isPresent()) {
      return new Named.At(held.get(), chosen);
    }
    Digest key = key(named, arches);
    if (factories.judge(image, key) instanceof Verdict.Refused(var why)) {
      return new Named.Not(
          new Refresh.Rejected(key, Refresh.Grounds.SIGNATURE, image + ": " + unsigned(why)));
    }
    return new Named.At(
        fetched(named, arches, progress).digest(source(named), version(named)), chosen);
  }

  private static String unsigned(String why) {
    return why
        + "; what an Image Factory makes carries no signature: let it in by a rule of its own"
        + " (match: \"factory:*\", mode: warn or off), or compose it here";
  }

  /**
   * The image with the id in the place of the schematic's text, and a version in that of a line.
   */
  private ImageReference named(ImageReference image, Progress progress) {
    String tag = image.tag();
    if (tag == null) {
      throw new RegistryException(Reason.NOT_FOUND, image + ": name a Talos version");
    }
    Optional<VersionLine> line = VersionLine.parse(tag);
    return new ImageReference(
        factory.withId(id(progress)),
        line.isEmpty() ? tag : newest(image, line.get(), progress).version().toString(),
        null);
  }

  /** The same for the whole of a run. */
  private Chosen newest(ImageReference image, VersionLine line, Progress progress) {
    Chosen known = chosen;
    if (known != null) {
      return known;
    }
    progress.step("resolve", "versions at " + factory.url());
    List<String> versions = versions(web.text("versions", MOST_ANSWER));
    VersionLine.Tagged newest =
        line.newest(versions)
            .orElseThrow(() ->
                new RegistryException(
                    Reason.NOT_FOUND,
                    "%s: none of the versions there (%d) is one of it"
                        .formatted(image, versions.size())));
    Chosen now = new Chosen(image.toString(), line, newest.version());
    chosen = now;
    return now;
  }

  private List<String> versions(String answer) {
    try {
      if (JsonText.parse(answer, MOST_VERSIONS) instanceof Json.Arr(var items)) {
        return items.stream()
            .filter(Json.Str.class::isInstance)
            .map(item -> ((Json.Str) item).value())
            .toList();
      }
    } catch (JsonException e) {
      LOG.log(Level.DEBUG, "factory=" + factory.url() + " answer=\"" + e.getMessage() + "\"");
    }
    throw new RegistryException(
        Reason.MALFORMED,
        factory.url() + "/versions answered with no list of versions: is it an Image Factory?");
  }

  private static SourceImage.Factory source(ImageReference named) {
    return (SourceImage.Factory) named.source();
  }

  private static String version(ImageReference named) {
    return String.valueOf(named.tag());
  }

  private static Digest key(ImageReference named, List<Arch> arches) {
    return Digest.of((named + " " + arches.stream().sorted().toList()).getBytes(UTF_8));
  }

  private String id(Progress progress) {
    if (factory.isId()) {
      return factory.schematic();
    }
    var posted = new Factories.Posted(factory.url(), factory.schematic());
    Optional<String> known = factories.id(posted);
    if (known.isPresent()) {
      return known.get();
    }
    progress.step("resolve", "schematic at " + factory.url());
    String id =
        answered(web.post("schematics", "application/yaml", factory.schematic(), MOST_ANSWER));
    factories.learned(posted, id);
    return id;
  }

  private String answered(String answer) {
    Optional<String> id = Optional.empty();
    try {
      if (JsonText.parse(answer, 100) instanceof Json.Obj said) {
        id = said.text("id").filter(Schematic::isId);
      }
    } catch (JsonException e) {
      LOG.log(Level.DEBUG, "factory=" + factory.url() + " answer=\"" + e.getMessage() + "\"");
    }
    return id.orElseThrow(() ->
        new RegistryException(
            Reason.MALFORMED,
            factory.url()
                + "/schematics answered without an id of 64 hexadecimal digits: is it an Image"
                + " Factory?"));
  }

  private FactoryFiles fetched(ImageReference named, List<Arch> arches, Progress progress) {
    FactoryFiles known = files;
    if (known != null && named.equals(filesOf)) {
      return known;
    }
    endIngest(); // of another version
    Ingest ingest = factories.ingest(key(named, arches));
    ground.set(ingest);
    FactoryFiles fetched = new FactoryFiles(source(named).files());
    for (Arch arch : arches.stream().sorted().toList()) {
      for (Part part : fetched.parts()) {
        fetched.add(arch, part, file(named, fetched.name(arch, part), part.most(), progress));
      }
    }
    files = fetched;
    filesOf = named;
    return fetched;
  }

  /** A file that came whole in a run that failed a while ago is not asked for again. */
  private Came file(ImageReference named, String name, long most, Progress progress) {
    Path folder = current().layers();
    Path whole = folder.resolve(name);
    try {
      if (Files.exists(whole) && isRecent(whole)) {
        return new Came(whole, WebFiles.of(whole));
      }
      progress.step("pull", name + " from " + factory.url());
      Path part = folder.resolve(name + ".part");
      WebFiles.Got got =
          web.download(
              "image/%s/%s/%s".formatted(source(named).schematic(), version(named), name),
              part,
              most,
              factories.needRoom(),
              progress);
      downloaded += got.size();
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
      return new Came(whole, got);
    } catch (IOException e) {
      throw new RegistryException(Reason.LOCAL_IO, "cannot write " + whole + ": " + e, e, null);
    }
  }

  private static boolean isRecent(Path file) throws IOException {
    Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), Instant.now());
    return !age.isNegative() && age.compareTo(RESUMABLE) < 0;
  }

  private Ingest current() {
    Ingest ingest = ground.get();
    if (ingest == null) {
      throw new RegistryException(Reason.UNREACHABLE, factory.url() + ": closed");
    }
    return ingest;
  }

  @Override
  public Verdict judge(Standings standings, WantedImage wanted) {
    return switch (standings.judge(Unsigned.IMAGE, wanted.image(), wanted.digest())) {
      case Verdict.Refused(var why) -> new Verdict.Refused(unsigned(why));
      case Verdict.Admitted admitted -> admitted;
      case Verdict.TooOld old -> old;
    };
  }

  @Override
  public Make plan(WantedImage wanted, Admission admission) {
    ImageReference named =
        factories
            .asked(factory, wanted.digest())
            .orElseGet(() -> named(wanted.image(), wanted.progress()));
    FactoryFiles all = fetched(named, wanted.arches(), wanted.progress());
    Digest digest = all.digest(source(named), version(named));
    if (!digest.equals(wanted.digest())) {
      throw new RegistryException(
          Reason.NOT_FOUND,
          "%s: the factory makes other files by now, which are release %s and not %s"
              .formatted(named, digest, wanted.digest()));
    }
    return new FactoryMake(wanted, named, all, admission, this);
  }

  /** Writes down what was asked for to have that release. */
  void keep(Digest release, ImageReference named) throws IOException {
    factories.keep(release, named);
  }

  /** Bytes fetched so far. */
  long downloaded() {
    return downloaded;
  }

  /** What came is used up, or will not do: it is not to be found by a later run. */
  void discard() {
    current().discard();
  }

  @Override
  public void close() {
    web.close();
    endIngest();
  }

  private void endIngest() {
    Ingest ingest = ground.getAndSet(null);
    if (ingest != null) {
      ingest.close();
    }
  }
}
