package dev.moonboot.boot;

import dev.moonboot.assets.Arch;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Choice;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import dev.moonboot.profile.Profile.NetBoot;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.release.ProfileChannel;
import dev.moonboot.release.Releases;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Answers a node: its labels select a profile, and the profile's URLs and command line are filled
 * in from the releases of the moment. Reads memory only.
 *
 * <p>What is ours in a profile, and changes: the channel part of URLs of our mutable asset paths
 * ({@code /assets/talos/…}, {@code assets/talos/…}, or whole URLs with one of the base URLs), and
 * an argument that is exactly {@value #CMDLINE}. Everything else is passed on byte for byte, unless
 * the profile asks for its boot section to be templates.
 */
public final class BootPlanner {
  /** The argument that stands for the release's own kernel command line. */
  public static final String CMDLINE = "{cmdline}";

  /** Kernels cut what is longer (COMMAND_LINE_SIZE: 2048 to 4096 by architecture). */
  private static final int LONG_CMDLINE = 4000;

  /** The names of a release's unified kernel image. */
  private static final Pattern UKI = Pattern.compile("(.*/)?uki(-[^/]+)?\\.efi(\\?.*)?");

  private static final System.Logger LOG = System.getLogger(BootPlanner.class.getName());

  private final Supplier<Catalog> catalog;
  private final Releases releases;
  private final ReleaseUrls.Form form;
  private final UnknownNodes unknownNodes;
  private final UnaryOperator<BootAnswer> shown;

  /**
   * @param baseUrls under which nodes reach us, without {@code /assets} ({@code
   *     http://10.0.0.1:8080}); only needed for profiles that write whole URLs
   * @param unknownNodes what nodes boot that nobody wrote down
   * @param shown what people are shown of an answer, who must not see what only the node may
   */
  public BootPlanner(
      Supplier<Catalog> catalog,
      Releases releases,
      List<String> baseUrls,
      UnknownNodes unknownNodes,
      UnaryOperator<BootAnswer> shown) {
    this.catalog = catalog;
    this.releases = releases;
    this.form = new ReleaseUrls.Form(baseUrls);
    this.unknownNodes = unknownNodes;
    this.shown = shown;
  }

  /** One that shows people what nodes get. */
  public BootPlanner(
      Supplier<Catalog> catalog,
      Releases releases,
      List<String> baseUrls,
      UnknownNodes unknownNodes) {
    this(catalog, releases, baseUrls, unknownNodes, UnaryOperator.identity());
  }

  /** As matchbox treats nodes that nobody wrote down. */
  public BootPlanner(Supplier<Catalog> catalog, Releases releases, List<String> baseUrls) {
    this(catalog, releases, baseUrls, UnknownNodes.DEFAULT);
  }

  /** What the node with these labels is to boot. */
  public BootAnswer plan(NodeLabels labels) {
    BootAnswer answer = answer(catalog.get(), labels);
    if (answer instanceof BootAnswer.Plan(var plan)) {
      warnIfLong(plan);
    }
    return answer;
  }

  /** What {@link #plan} would say at this moment; nothing is counted or logged. */
  public BootAnswer preview(NodeLabels labels) {
    return answer(catalog.get(), labels);
  }

  private BootAnswer answer(Catalog now, NodeLabels labels) {
    return switch (unknownNodes.choose(now, labels)) {
      case Choice.Given(var group, var profile) -> answer(group, profile, labels);
      case Choice.GroupOnly(var _, var why) -> new BootAnswer.NoMatch(why);
      case Choice.Nothing(var why) -> new BootAnswer.NoMatch(why);
    };
  }

  private BootAnswer answer(Group group, Profile profile, NodeLabels labels) {
    return switch (BootSection.of(group, profile, labels)) {
      case BootSection.Known(var boot) -> plan(group.file(), profile, boot, labels);
      case BootSection.None(var why, var detail) -> new BootAnswer.NoMatch(why, detail);
    };
  }

  /** What {@link #plan} would say, and why; nothing is counted or logged. */
  public Explanation explain(NodeLabels labels) {
    Catalog now = catalog.get();
    return new Explaining(this, now, releases, unknownNodes)
        .explain(labels, shown.apply(answer(now, labels)));
  }

  /** The profile that answers the node with these labels; empty where none does. */
  public Optional<Profile> profile(NodeLabels labels) {
    return unknownNodes.choose(catalog.get(), labels) instanceof Choice.Given(var _, var profile)
        ? Optional.of(profile)
        : Optional.empty();
  }

  /** Which channel a profile follows, by the URLs of its boot section. */
  public ProfileChannel channel(String profile) {
    return catalog
        .get()
        .profile(profile)
        .map(found -> new ChannelOfProfile(form, releases).of(found))
        .orElseGet(ProfileChannel.Unknown::new);
  }

  private BootAnswer plan(String group, Profile profile, NetBoot boot, NodeLabels labels) {
    ReleaseUrls urls = new ReleaseUrls(form, releases, profile.file());
    String kernel = urls.fill(boot.kernel());
    List<String> initrd = boot.initrd().stream().map(urls::fill).toList();
    if (urls.unbootable().isPresent()) {
      return new BootAnswer.NoMatch(
          "profile %s: %s".formatted(profile.file(), urls.unbootable().get()));
    }
    if (urls.waitingFor().isPresent()) {
      return new BootAnswer.NotReady(profile.file(), urls.waitingFor().get());
    }
    List<String> args = boot.args();
    if (args.isEmpty() && form.paths(kernel).stream().anyMatch(BootPlanner::isUki)) {
      // started with arguments or without, it takes them for its command line (systemd-stub(7))
      args = cmdline(urls, labels) instanceof Cmdline.Known(var own) ? KernelArgs.split(own) : args;
    }
    if (args.contains(CMDLINE)) {
      switch (cmdline(urls, labels)) {
        case Cmdline.Known(var text) -> args = filled(args, text);
        case Cmdline.Unknown(var why) -> {
          return new BootAnswer.NoMatch("profile %s: %s".formatted(profile.file(), why));
        }
      }
    }
    return new BootAnswer.Plan(
        new BootPlan(
            group,
            profile.file(),
            kernel,
            initrd,
            args,
            urls.release().map(ReleaseUrls.Named::release).orElse(null),
            urls.release().map(ReleaseUrls.Named::by).orElse(BootPlan.By.PROFILE),
            urls.named()));
  }

  private static boolean isUki(String path) {
    return UKI.matcher(path).matches();
  }

  private sealed interface Cmdline {
    record Known(String text) implements Cmdline {}

    record Unknown(String why) implements Cmdline {}
  }

  private Cmdline cmdline(ReleaseUrls urls, NodeLabels labels) {
    Optional<ReleaseUrls.Named> named = urls.release();
    if (named.isEmpty()) {
      return new Cmdline.Unknown(
          CMDLINE + " needs a kernel or initrd under /assets/talos/ of a configured channel");
    }
    Set<Arch> arches = named.get().release().builds().keySet();
    Optional<Arch> arch =
        Arch.parse(labels.value("arch"))
            .or(urls::arch)
            .or(() -> arches.size() == 1 ? arches.stream().findFirst() : Optional.empty());
    if (arch.isEmpty()) {
      return new Cmdline.Unknown(
          CMDLINE + " differs by architecture, and the node did not say its own (label arch)");
    }
    return releases
        .cmdline(named.get().release().digest(), arch.get())
        .<Cmdline>map(Cmdline.Known::new)
        .orElseGet(() -> new Cmdline.Unknown(noCmdline(named.get(), arch.get())));
  }

  private static String noCmdline(ReleaseUrls.Named named, Arch arch) {
    String has =
        named.release().builds().keySet().stream()
            .map(Arch::id)
            .sorted()
            .collect(Collectors.joining(", "));
    return "release %s of channel %s has no command line for %s (it has: %s)"
        .formatted(named.release().digest(), named.channel(), arch.id(), has);
  }

  private static List<String> filled(List<String> args, String cmdline) {
    List<String> filled = new ArrayList<>();
    for (String arg : args) {
      if (arg.equals(CMDLINE)) {
        filled.addAll(KernelArgs.split(cmdline));
      } else {
        filled.add(arg);
      }
    }
    return filled;
  }

  private static void warnIfLong(BootPlan plan) {
    int length = plan.args().stream().mapToInt(arg -> arg.length() + 1).sum();
    if (length > LONG_CMDLINE) {
      LOG.log(
          Level.WARNING,
          "long_cmdline profile={0} characters={1} limit={2}: the kernel may cut it",
          plan.profile(),
          Integer.toString(length),
          Integer.toString(LONG_CMDLINE));
    }
  }
}
