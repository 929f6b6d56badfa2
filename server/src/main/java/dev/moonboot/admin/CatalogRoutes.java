package dev.moonboot.admin;

import dev.moonboot.admin.HeldReleases.Booting;
import dev.moonboot.admin.Problem.FieldError;
import dev.moonboot.assets.Digest;
import dev.moonboot.http.Reply;
import dev.moonboot.json.Json;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogKind;
import dev.moonboot.profile.CatalogWriter;
import dev.moonboot.profile.FieldProblem;
import dev.moonboot.profile.FileProblem;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import dev.moonboot.profile.Redaction;
import dev.moonboot.profile.Stored;
import dev.moonboot.profile.WriteOrder;
import dev.moonboot.profile.Written;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Groups and profiles: what the catalog in force has, and changing it. */
final class CatalogRoutes implements Resource {
  private static final String ROOT = "/admin/v1/";
  private static final String EXTENSION = ".json";

  private final HeldReleases held;
  private final CatalogWriter writer;

  CatalogRoutes(HeldReleases held, CatalogWriter writer) {
    this.held = held;
    this.writer = writer;
  }

  @Override
  public List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.addAll(endpoints(CatalogKind.PROFILE, "Profile", this::profiles));
    endpoints.addAll(endpoints(CatalogKind.GROUP, "Group", this::groups));
    return endpoints;
  }

  private List<Endpoint> endpoints(CatalogKind kind, String name, Handler list) {
    String all = ROOT + kind.folder();
    String one = all + "/{" + kind.word() + "}";
    return List.of(
        Endpoint.get(all, "list" + name + "s", list),
        Endpoint.get(one, "get" + name, call -> get(kind, call)),
        Endpoint.put(one, Role.ADMIN, "put" + name, call -> put(kind, call)),
        Endpoint.delete(one, Role.ADMIN, "delete" + name, call -> delete(kind, call)));
  }

  private Reply profiles(Call call) {
    Catalog now = held.catalog().get();
    Map<String, String> problems = problems(now, CatalogKind.PROFILE);
    Map<String, List<String>> groups = groupsByProfile(now);
    Map<String, Json.Obj> shown = new TreeMap<>();
    now.profiles()
        .values()
        .forEach(profile ->
            shown.put(
                profile.file(),
                profile(profile, groups.getOrDefault(profile.file(), List.of()), problems)));
    problems.forEach(
        (name, why) -> shown.putIfAbsent(name, unusable(CatalogKind.PROFILE, name, why)));
    return Replies.ok(new Members().list("profiles", List.copyOf(shown.values())).json());
  }

  private Json.Obj profile(Profile profile, List<String> groups, Map<String, String> problems) {
    Optional<Booting> booting = held.booting(profile.file());
    return new Members()
        .text("profile", profile.file())
        .text("id", profile.id())
        .text("name", profile.name())
        .text("channel", held.channel(profile.file()))
        .text("release", booting.map(one -> one.effective().release().digest()))
        .text("version", booting.map(one -> one.effective().release().version()))
        .text("by", booting.map(one -> ReleaseJson.lower(one.effective().by())))
        .texts("groups", groups)
        .text("problem", problems.get(profile.file()))
        .json();
  }

  private static Map<String, List<String>> groupsByProfile(Catalog now) {
    Map<String, List<String>> groups = new HashMap<>();
    for (Group group : now.groups()) {
      now.profile(group.profile())
          .ifPresent(profile ->
              groups.computeIfAbsent(profile.file(), _ -> new ArrayList<>()).add(group.file()));
    }
    groups.values().forEach(Collections::sort);
    return groups;
  }

  private Reply groups(Call call) {
    Catalog now = held.catalog().get();
    Map<String, String> problems = problems(now, CatalogKind.GROUP);
    List<Json.Obj> shown = new ArrayList<>();
    Map<String, String> unusable = new TreeMap<>(problems);
    for (Group group : now.groups()) {
      shown.add(group(now, group, problems));
      unusable.remove(group.file());
    }
    unusable.forEach((name, why) -> shown.add(unusable(CatalogKind.GROUP, name, why)));
    return Replies.ok(new Members().list("groups", shown).json());
  }

  private static Json.Obj group(Catalog now, Group group, Map<String, String> problems) {
    return new Members()
        .text("group", group.file())
        .text("name", group.name())
        .text("profile", group.profile())
        .flag("profileExists", now.profile(group.profile()).isPresent())
        .json("selector", group.selectorJson())
        .text("selectorText", group.selectorText())
        .text("problem", problems.get(group.file()))
        .json();
  }

  /** Why files cannot be used as they are now, by name. */
  private static Map<String, String> problems(Catalog now, CatalogKind kind) {
    Map<String, String> problems = new HashMap<>();
    String folder = kind.folder() + "/";
    for (FileProblem problem : now.problems()) {
      if (problem.file().startsWith(folder) && problem.file().endsWith(EXTENSION)) {
        String name =
            problem.file().substring(folder.length(), problem.file().length() - EXTENSION.length());
        problems.put(name, problem.why());
      }
    }
    return problems;
  }

  /** One of which not even an older version can be used. */
  private static Json.Obj unusable(CatalogKind kind, String name, String why) {
    return new Members().text(kind.word(), name).text("problem", why).json();
  }

  private Reply get(CatalogKind kind, Call call) {
    String id = id(kind, call);
    return writer
        .stored(kind, id)
        .map(stored -> Replies.ok(Redaction.of(stored.content()), tag(stored.version())))
        .orElseThrow(() -> missing(kind, id));
  }

  private static String id(CatalogKind kind, Call call) {
    String id = call.id(kind.word());
    if (!CatalogWriter.isId(id)) {
      throw new ProblemException(
          ProblemKind.MALFORMED, "no " + kind.word() + " can be called " + id + ": take another");
    }
    return id;
  }

  private static ETag tag(Digest version) {
    return new ETag(version.fileName());
  }

  private static ProblemException missing(CatalogKind kind, String id) {
    return new ProblemException(
        ProblemKind.NOT_FOUND,
        "no %s is called %s; GET %s%s lists them".formatted(kind.word(), id, ROOT, kind.folder()));
  }

  private Reply put(CatalogKind kind, Call call) {
    String id = id(kind, call);
    Json.Obj content = Fields.wholeObject(call.text());
    return reply(kind, id, writer.put(kind, id, content, order(call)));
  }

  private Reply delete(CatalogKind kind, Call call) {
    String id = id(kind, call);
    return reply(kind, id, writer.delete(kind, id, order(call)));
  }

  private static WriteOrder order(Call call) {
    return new WriteOrder(call.actor(), call.caller().details(), expected(call));
  }

  /** {@code If-Match}, and {@code If-None-Match: *} for what must be new (RFC 9110, 13.1). */
  private static Predicate<Optional<Digest>> expected(Call call) {
    Precondition precondition = call.precondition();
    boolean onlyNew =
        call.request().header("If-None-Match").filter(tag -> tag.strip().equals("*")).isPresent();
    return version ->
        version
            .map(there -> !onlyNew && precondition.allows(tag(there)))
            .orElseGet(precondition::allowsAbsent);
  }

  private static ProblemException unusable(CatalogKind kind, List<FieldProblem> problems) {
    return Problem.of(
            ProblemKind.INVALID,
            "the %s cannot be used as it is; nothing was changed".formatted(kind.word()),
            problems.stream()
                .map(problem -> new FieldError(problem.pointer(), problem.why()))
                .toList())
        .asException();
  }

  private static Reply reply(CatalogKind kind, String id, Written written) {
    return switch (written) {
      case Written.Put(var stored, var created, var warnings) ->
          put(kind, id, stored, created, warnings);
      case Written.Deleted(var warnings) ->
          Replies.ok(new Members().text(kind.word(), id).texts("warnings", warnings).json());
      case Written.Missing() -> throw missing(kind, id);
      case Written.Refused(var problems) -> throw unusable(kind, problems);
      case Written.Full(var why) -> throw unusable(kind, List.of(new FieldProblem("", why)));
      case Written.Stale(var version) ->
          throw version == null
              ? new ProblemException(
                  ProblemKind.CHANGED, "there is no " + kind.word() + " " + id + " (any more)")
              : Precondition.failed(tag(version));
      case Written.Failed(var why) ->
          throw new ProblemException(
              ProblemKind.NOT_WRITTEN,
              why
                  + "; what was in force still is. Is the data directory (data) on a disk with"
                  + " room, and may moonboot write there?");
    };
  }

  private static Reply put(
      CatalogKind kind, String id, Stored stored, boolean created, List<String> warnings) {
    Json.Obj content =
        new Members()
            .flag("created", created)
            .texts("warnings", warnings)
            .json(kind.word(), Redaction.of(stored.content()))
            .json();
    Reply reply =
        created ? Replies.created(ROOT + kind.folder() + "/" + id, content) : Replies.ok(content);
    return reply.with("ETag", tag(stored.version()).header());
  }
}
