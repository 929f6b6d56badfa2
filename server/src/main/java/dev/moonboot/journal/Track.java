package dev.moonboot.journal;

import dev.moonboot.journal.Boot.Answer;
import dev.moonboot.journal.Boot.Node;
import dev.moonboot.journal.Boot.Result;
import dev.moonboot.journal.Timeline.State;
import dev.moonboot.journal.Timeline.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One boot as it goes on; guarded by the log. */
final class Track {
  private static final int MOST_FILES = 16;

  final long id;
  final Instant began;
  final Programs programs = new Programs();
  final Happenings happenings = new Happenings();

  /** By what names of its node it is found. */
  List<String> names = List.of();

  /** The addresses it was heard from. */
  final Set<String> clients = new LinkedHashSet<>();

  private final Map<Stage, Span> spans = new EnumMap<>(Stage.class);
  private Node node;
  private Answer answer = Answer.NONE;
  private List<Wanted> files = List.of();
  private KernelArgs args = KernelArgs.NONE;
  private Told.@Nullable Form form;
  private @Nullable Result told;
  private @Nullable Instant toldAt;
  private Instant last;
  private long lastNanos;
  private long change;

  private String firmware = "";
  private String offered = "";
  private int offers;
  private int offersToIpxe;
  private int confirmations;
  private @Nullable Missed missed;
  private @Nullable Sent broken;
  private String refused = "";
  private Approval.@Nullable State approval;
  private boolean configured;
  private boolean up;
  private String trouble = "";
  private boolean fatal;

  Track(long id, Node node, Instant now, long nanos) {
    this.id = id;
    this.node = node;
    this.began = now;
    this.last = now;
    this.lastNanos = nanos;
  }

  /** When a stage was first and last heard of, and what was sent in it. */
  private static final class Span {
    private final Instant first;
    private Instant last;
    private long bytes;
    private int attempts;

    Span(Instant first) {
      this.first = first;
      this.last = first;
    }
  }

  /** Something is heard of it now. */
  void touch(Instant now, long nanos, long changed) {
    last = now.isBefore(last) ? last : now;
    lastNanos = nanos;
    change = changed;
  }

  private Span span(Stage stage, Instant now) {
    Span span = spans.computeIfAbsent(stage, _ -> new Span(now));
    span.last = now.isBefore(span.last) ? span.last : now;
    return span;
  }

  private void note(Stage stage, String what, String text) {
    span(stage, last).attempts++;
    happenings.add(last, stage, what, text);
  }

  void offered(Offered offer, boolean confirmed) {
    boolean ipxe = offer.firmware().equals("ipxe");
    firmware = firmware.isEmpty() ? Text.kept(offer.firmware()) : firmware;
    offered = Text.open(offer.file());
    if (confirmed) {
      confirmations++;
    } else if (ipxe) {
      offersToIpxe++;
    } else {
      offers++;
    }
    String what = confirmed ? "confirmed" : isOffered() ? "offered" : "not_offered";
    note(Stage.DHCP, what, (Text.kept(offer.firmware()) + " " + offered).strip());
  }

  void told(Told by, @Nullable Result refusedBy) {
    boolean again = told != null;
    node = node.and(by.node());
    answer = by.answer();
    form = by.form();
    told = refusedBy == null ? Result.SCRIPT : refusedBy;
    toldAt = again && toldAt != null ? toldAt : last;
    if (!again || files.stream().noneMatch(Wanted::isStarted)) {
      args = KernelArgs.of(by.args());
      files = wanted(by);
    }
    String what = refusedBy == null ? "told" : refusedBy.name().toLowerCase(Locale.ROOT);
    String text = refusedBy == null ? answer.profile() : answer.why();
    note(Stage.SCRIPT, what, Text.open(text));
  }

  private static List<Wanted> wanted(Told by) {
    boolean below = by.form() != Told.Form.IPXE && by.form() != Told.Form.GRUB;
    List<Wanted> files = new ArrayList<>();
    for (int i = 0; i < by.files().size() && files.size() < MOST_FILES; i++) {
      Stage stage = i == 0 ? Stage.KERNEL : Stage.INITRAMFS;
      String entry = by.files().get(i);
      Optional<String> path = BootPaths.of(entry);
      if (path.isPresent() || below) {
        files.add(
            new Wanted(Text.kept(path.orElseGet(() -> BootPaths.clean(entry))), stage, below));
      }
    }
    return files;
  }

  /** The file it was told to load by that name, if it still wants it. */
  Optional<Wanted> wants(String path) {
    return files.stream().filter(f -> !f.isSent() && f.is(path)).findFirst();
  }

  /** Whether that is the file its kernel will be configured by. */
  boolean isConfig(String path) {
    return args.configPath()
        .filter(config -> config.startsWith("assets/") && BootPaths.clean(config).equals(path))
        .isPresent();
  }

  /** The stage that a file belongs to by its name. */
  Stage stage(String path) {
    return files.stream()
        .filter(f -> f.is(path))
        .map(f -> f.stage)
        .findFirst()
        .orElseGet(() -> isConfig(path) ? Stage.CONFIG : Programs.stage(path));
  }

  void asked(Asked file, String path) {
    Stage stage = stage(path);
    wants(path).ifPresent(wanted -> wanted.asked(file.size(), last));
    if (stage == Stage.PROGRAM) {
      programs.asked(path);
    }
    note(stage, "asked", Text.open(file.protocol() + " " + path));
  }

  void sent(Sent part, String path) {
    Stage stage = stage(path);
    Duration took = part.took();
    Span span = span(stage, spans.containsKey(stage) ? last : last.minus(took));
    span.bytes += part.bytes();
    span.last = last;
    wants(path).ifPresent(wanted -> wanted.sent(part, last));
    boolean whole = part.end() == Sent.End.DONE && part.from() + part.bytes() >= part.size();
    if (stage == Stage.PROGRAM) {
      programs.sent(path, part, whole);
    }
    if (stage == Stage.CONFIG && whole) {
      configured = true;
      refused = "";
    }
    if (whole) {
      broken = null;
      missed = missed != null && stage(BootPaths.clean(missed.path())) == stage ? null : missed;
    } else if (part.end() != Sent.End.PROBED && part.end() != Sent.End.DONE) {
      broken = part;
    }
    String what = whole ? "sent" : part.end().name().toLowerCase(Locale.ROOT);
    String amount = part.bytes() + " of " + part.size() + " bytes";
    happenings.add(last, stage, what, Text.open(part.protocol() + " " + path + ", " + amount));
  }

  void missed(Missed file, String path) {
    missed = file;
    Stage stage = stage(path);
    if (stage == Stage.PROGRAM) {
      programs.missed(path);
    }
    note(stage, "missing", Text.open(file.protocol() + " " + path + ": " + file.why()));
  }

  void configured(Configured read) {
    String kind = read.kind().name().toLowerCase(Locale.ROOT);
    if (read.refused().isEmpty()) {
      configured = true;
      refused = "";
    } else if (!configured) {
      refused = Text.open(read.refused());
    }
    note(
        Stage.CONFIG,
        read.refused().isEmpty() ? "configured" : "refused",
        read.refused().isEmpty() ? kind : kind + ": " + Text.open(read.refused()));
    span(Stage.CONFIG, last).bytes += read.bytes();
  }

  void approval(Approval.State state) {
    approval = state;
    note(Stage.CONFIG, "approval", state.name().toLowerCase(Locale.ROOT));
  }

  void talos(TalosSaid said) {
    String text = Text.open(said.text());
    switch (said.level()) {
      case UP -> {
        up = true;
        fatal = false;
        trouble = "";
      }
      case FAILED -> {
        fatal = true;
        trouble = text;
      }
      case ERROR -> trouble = fatal || up ? trouble : text;
      // a sequence that begins goes on from where one failed
      case INFO -> fatal = fatal && !said.what().equals("sequence");
    }
    span(Stage.TALOS, last).attempts++;
    happenings.add(last, Stage.TALOS, Text.kept(said.what()), text);
  }

  /** What is known of the node from now on. */
  void isOf(Node more) {
    node = node.and(more);
  }

  Node node() {
    return node;
  }

  Answer answer() {
    return answer;
  }

  Instant last() {
    return last;
  }

  long lastNanos() {
    return lastNanos;
  }

  long change() {
    return change;
  }

  KernelArgs args() {
    return args;
  }

  Told.@Nullable Form form() {
    return form;
  }

  /** What it was told; nothing before. */
  Optional<Result> toldResult() {
    return Optional.ofNullable(told);
  }

  List<Wanted> files() {
    return files;
  }

  boolean isLoading() {
    return files.stream().anyMatch(Wanted::isStarted);
  }

  boolean isLoaded() {
    return told == Result.SCRIPT && isLoading() && files.stream().allMatch(Wanted::isSent);
  }

  /** Firmware kinds and offers, for the rules. */
  String firmware() {
    return firmware;
  }

  /** A Raspberry Pi knows the names of its files by itself. */
  boolean isOffered() {
    return !offered.isEmpty() || firmware.startsWith("raspberry-pi");
  }

  String offeredFile() {
    return offered;
  }

  int offers() {
    return offers;
  }

  int offersToIpxe() {
    return offersToIpxe;
  }

  int confirmations() {
    return confirmations;
  }

  Optional<Missed> lastMissed() {
    return Optional.ofNullable(missed);
  }

  Optional<Sent> lastBroken() {
    return Optional.ofNullable(broken);
  }

  boolean isConfigured() {
    return configured;
  }

  String configRefused() {
    return refused;
  }

  Optional<Approval.State> approvalState() {
    return Optional.ofNullable(approval);
  }

  boolean isUp() {
    return up;
  }

  boolean isFatal() {
    return fatal;
  }

  String trouble() {
    return trouble;
  }

  boolean has(Stage stage) {
    return spans.containsKey(stage);
  }

  int attempts(Stage stage) {
    Span span = spans.get(stage);
    return span == null ? 0 : span.attempts;
  }

  Stage furthest() {
    return spans.keySet().stream().reduce((_, later) -> later).orElse(Stage.DHCP);
  }

  Result result() {
    if (told == null) {
      return has(Stage.PROGRAM) || has(Stage.SCRIPT) ? Result.PROGRAM : Result.OFFERED;
    }
    if (told != Result.SCRIPT || !isLoading()) {
      return told;
    }
    return isLoaded() ? Result.LOADED : Result.LOADING;
  }

  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    spans.forEach((stage, span) ->
        steps.add(new Step(stage, state(stage), span.first, span.last, span.bytes, span.attempts)));
    return steps;
  }

  private State state(Stage stage) {
    return switch (stage) {
      case DHCP -> isOffered() ? State.DONE : State.FAILED;
      case PROGRAM -> programs.state();
      case SCRIPT ->
          told == null ? State.RUNNING : told == Result.SCRIPT ? State.DONE : State.FAILED;
      case KERNEL, INITRAMFS -> loading(stage);
      case CONFIG ->
          configured
              ? State.DONE
              : refused.isEmpty() && approval != Approval.State.DENIED
                  ? State.RUNNING
                  : State.FAILED;
      case TALOS -> up ? State.DONE : fatal ? State.FAILED : State.RUNNING;
    };
  }

  private State loading(Stage stage) {
    List<Wanted> own = files.stream().filter(f -> f.stage == stage).toList();
    if (own.stream().allMatch(Wanted::isSent)) {
      return State.DONE;
    }
    boolean running = own.stream().anyMatch(Wanted::isRunning);
    return !running && (broken != null || missed != null) ? State.FAILED : State.RUNNING;
  }

  Boot seen(Instant now, boolean withEvents) {
    return new Boot(
        id,
        node,
        answer,
        toldAt == null ? began : toldAt,
        files.stream().map(Wanted::seen).toList(),
        result(),
        new Timeline(
            firmware,
            began,
            last,
            steps(),
            Rules.verdict(this, now),
            withEvents ? happenings.all() : List.of(),
            withEvents ? happenings.leftOut() : 0,
            change));
  }
}
