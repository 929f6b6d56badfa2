package dev.moonboot.profile;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a node boots and which templates it gets ({@code profiles/<file>.json} of matchbox's data
 * directory).
 *
 * @param file the name that groups use: the path below {@code profiles} without {@code .json}
 * @param id as the file says; never empty, need not equal {@code file}
 * @param name for people; may be empty
 * @param ignitionId name of a file under {@code ignition/}; empty for none
 * @param cloudId name of a file under {@code cloud/}; empty for none
 * @param genericId name of a file under {@code generic/}; empty for none
 * @param netBoot what is booted; null when the profile boots nothing
 * @param machineConfig the static file, below {@code /assets/}, that its nodes are to get as their
 *     machine config; empty for none. Not known to matchbox, which ignores it
 * @param extensions what else the file asks for that matchbox does not know
 * @param templates the boot section as templates; null unless the file asks for that
 */
public record Profile(
    String file,
    String id,
    String name,
    String ignitionId,
    String cloudId,
    String genericId,
    @Nullable NetBoot netBoot,
    String machineConfig,
    Extensions extensions,
    @Nullable BootTemplates templates) {
  /** The name of that member, here and in a group's metadata. */
  public static final String MACHINE_CONFIG = "machine_config";

  private static final Pattern FILE =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*");

  /**
   * One with its boot section parsed, where the file asks for that.
   *
   * @throws UnusableFileException when the boot section is to hold templates and does not
   */
  public Profile(
      String file,
      String id,
      String name,
      String ignitionId,
      String cloudId,
      String genericId,
      @Nullable NetBoot netBoot,
      String machineConfig,
      Extensions extensions) {
    this(
        file,
        id,
        name,
        ignitionId,
        cloudId,
        genericId,
        netBoot,
        machineConfig,
        extensions,
        extensions.templates() && netBoot != null ? BootTemplates.of(netBoot) : null);
  }

  /** One that asks for no extensions. */
  public Profile(
      String file,
      String id,
      String name,
      String ignitionId,
      String cloudId,
      String genericId,
      @Nullable NetBoot netBoot,
      String machineConfig) {
    this(file, id, name, ignitionId, cloudId, genericId, netBoot, machineConfig, Extensions.NONE);
  }

  /** One without a machine config. */
  public Profile(
      String file,
      String id,
      String name,
      String ignitionId,
      String cloudId,
      String genericId,
      @Nullable NetBoot netBoot) {
    this(file, id, name, ignitionId, cloudId, genericId, netBoot, "");
  }

  /** Whether {@code path} can name a machine config: a path below, of plain names. */
  public static boolean isMachineConfig(String path) {
    return FILE.matcher(path).matches();
  }

  /**
   * What is booted, as written in the file: nothing is quoted, trimmed or expanded.
   *
   * @param kernel URL, with iPXE options before it where wanted; may be empty
   * @param initrd URLs in order, each with iPXE options before it where wanted
   * @param args kernel arguments in order
   */
  public record NetBoot(String kernel, List<String> initrd, List<String> args) {
    public NetBoot {
      initrd = List.copyOf(initrd);
      args = List.copyOf(args);
    }

    /**
     * What iPXE, GRUB or the kernel would read as more than the one URL or argument it is meant to
     * be, and arguments of which only one can count.
     */
    public List<FieldProblem> problems() {
      return BootChecks.of(this);
    }
  }

  /** What is booted; empty when the profile boots nothing. */
  public Optional<NetBoot> boot() {
    return Optional.ofNullable(netBoot);
  }
}
