package dev.moonboot.server;

import dev.moonboot.admin.Installs;
import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.installer.InstallCheck;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.provision.Answer;
import dev.moonboot.provision.Provisioner;
import dev.moonboot.secret.ConfigFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks into the machine configs that nodes are given: the static file of the profile or its group,
 * or what the generic template becomes for the node.
 *
 * @param statics the folder of static files; null for none
 */
record NodeInstalls(
    Supplier<Catalog> catalog, Provisioner provisioner, @Nullable Path statics, InstallCheck check)
    implements Installs {
  private static final int MOST = 1 << 20;

  @Override
  public Optional<InstallCheck.Finding> of(NodeLabels labels, BootPlan plan) {
    Release release = plan.release();
    return release == null || !release.isComposed()
        ? Optional.empty()
        : config(labels, plan).flatMap(text -> check.check(text, release));
  }

  private Optional<String> config(NodeLabels labels, BootPlan plan) {
    Path folder = statics;
    Optional<String> file =
        folder == null
            ? Optional.empty()
            : ConfigFiles.of(catalog.get(), plan.group(), plan.profile())
                .flatMap(name -> text(folder.resolve(name)));
    return file.isPresent() ? file : generic(labels, plan);
  }

  private static Optional<String> text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(new String(in.readNBytes(MOST), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty(); // told where it is served
    }
  }

  private Optional<String> generic(NodeLabels labels, BootPlan plan) {
    boolean asked = plan.args().stream().anyMatch(arg -> arg.contains("/generic"));
    return asked && provisioner.generic(labels) instanceof Answer.Text text
        ? Optional.of(text.text())
        : Optional.empty();
  }
}
