package dev.moonboot.assets.build;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.ReleaseTexts;
import dev.moonboot.assets.compose.Sha512Sums;
import dev.moonboot.assets.compose.SpdxComponent;
import dev.moonboot.assets.compose.SpdxDocument;
import dev.moonboot.assets.extension.ExtensionImage;
import dev.moonboot.assets.extension.ExtensionManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Says of all other files what they are made of, and what their sums are; so it comes last. */
final class TextsMaker implements OutputMaker {
  @Override
  public void make(Collection<Workpiece> pieces, InputImages images) throws IOException {
    for (Workpiece piece : pieces) {
      Path folder = piece.folder("texts");
      Digest release = piece.order().release();
      piece.put(
          ReleaseTexts.SBOM,
          // Not the composition's name: another that has this recipe has this release.
          new SpdxDocument(release, piece.arch(), "talos-" + release.shortHex())
              .write(base(piece), extensions(piece), folder.resolve("sbom")));
      piece.put(ReleaseTexts.SHA512, Sha512Sums.write(piece.files(), folder.resolve("sums")));
    }
  }

  private static SpdxComponent base(Workpiece piece) {
    Recipe recipe = piece.recipe();
    return new SpdxComponent(
        "talos",
        recipe.version(),
        "",
        "",
        recipe.base().digest(),
        SpdxComponent.ofTalos(piece.root(), piece.arch()));
  }

  private static List<SpdxComponent> extensions(Workpiece piece) {
    List<SpdxComponent> components = new ArrayList<>();
    for (int i = 0; i < piece.extensions().size(); i++) {
      ExtensionImage extension = piece.extensions().get(i);
      ExtensionManifest manifest = extension.manifest();
      Input input = piece.recipe().extensions().get(i);
      components.add(
          new SpdxComponent(
              manifest.name(),
              manifest.version(),
              manifest.author(),
              manifest.description(),
              input.digest(),
              SpdxComponent.ofExtension(extension.rootfs())));
    }
    return components;
  }
}
