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
  /** Without names that mean something else to each node. */
  public BootSubjects(
      BootPlanner planner,
      ReleasePaths paths,
      Provisioner provisioner,
      MachineConfigs configs,
      MatchboxWays ways,
      SigningConfig signing) {
    this(planner, paths, provisioner, configs, ways, signing, (_, _) -> Optional.empty());
  }

  /** Without installer images. */
  public BootSubjects(
      BootPlanner planner,
      ReleasePaths paths,
      Provisioner provisioner,
      MachineConfigs configs,
      MatchboxWays ways,
      SigningConfig signing,
      NodeTree files) {
    this(planner, paths, provisioner, configs, ways, signing, files, InstallerImages.none(), null);
  }

  /** No Image Factory. */
  public BootSubjects(
      BootPlanner planner,
      ReleasePaths paths,
      Provisioner provisioner,
      MachineConfigs configs,
      MatchboxWays ways,
      SigningConfig signing,
      NodeTree files,
      InstallerImages images) {
    this(planner, paths, provisioner, configs, ways, signing, files, images, null);
  }
}
