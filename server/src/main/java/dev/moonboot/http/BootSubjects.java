package dev.moonboot.http;

import dev.moonboot.boot.BootPlanner;
import dev.moonboot.factory.Factory;
import dev.moonboot.firmware.NodeTree;
import dev.moonboot.installer.InstallerImages;
import dev.moonboot.openpgp.SigningConfig;
import dev.moonboot.provision.MatchboxWays;
import dev.moonboot.provision.Provisioner;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.secret.MachineConfigs;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom the boot listener asks.
 *
 * @param planner how a node is to boot
 * @param paths the files of releases
 * @param provisioner what a node is given besides its script
 * @param configs machine configs, which are secret
 * @param ways what is done as matchbox does it
 * @param signing with what answers are signed
 * @param files names that mean something else to each node
 * @param images installer images, and signatures
 * @param factory this appliance as an Image Factory; null where it is none
 */
public record BootSubjects(
    BootPlanner planner,
    ReleasePaths paths,
    Provisioner provisioner,
    MachineConfigs configs,
    MatchboxWays ways,
    SigningConfig signing,
    NodeTree files,
    InstallerImages images,
    @Nullable Factory factory) {
  /** Without names that mean something else to each node, installer images and a factory. */
  public static BootSubjects of(
      BootPlanner planner,
      ReleasePaths paths,
      Provisioner provisioner,
      MachineConfigs configs,
      MatchboxWays ways,
      SigningConfig signing) {
    return new BootSubjects(
        planner,
        paths,
        provisioner,
        configs,
        ways,
        signing,
        (_, _) -> Optional.empty(),
        InstallerImages.none(),
        null);
  }

  /** The same with names that mean something else to each node. */
  public BootSubjects with(NodeTree other) {
    return new BootSubjects(
        planner, paths, provisioner, configs, ways, signing, other, images, factory);
  }

  /** The same with installer images. */
  public BootSubjects with(InstallerImages other) {
    return new BootSubjects(
        planner, paths, provisioner, configs, ways, signing, files, other, factory);
  }

  /** The same as an Image Factory, too. */
  public BootSubjects with(Factory other) {
    return new BootSubjects(
        planner, paths, provisioner, configs, ways, signing, files, images, other);
  }
}
