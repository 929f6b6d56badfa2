package dev.moonboot.assets.build;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.compose.UkiComposer;
import dev.moonboot.assets.compose.UkiOrder;
import dev.moonboot.assets.compose.UkiOrder.Purpose;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.extract.StoredUki;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/** Makes the unified kernel image that nodes boot. */
final class UnifiedMaker implements OutputMaker {
  @Override
  public void make(Collection<Workpiece> pieces, InputImages images) throws IOException {
    for (Workpiece piece : pieces) {
      if (piece.order().wants(Output.UKI)) {
        piece.order().progress().step("compose", "unified kernel image for " + piece.arch().id());
        Path file = piece.folder("uki").resolve(AssetName.UKI.fileName());
        piece.put(AssetName.UKI, write(piece, Purpose.BOOT, file));
        piece.uki(StoredUki.lines(file));
      }
    }
  }

  /** One for that purpose; there may be several of a release. */
  static Found write(Workpiece piece, Purpose purpose, Path file) {
    Found stub = piece.tools().stub();
    if (stub == null) {
      throw new BuildException(
          "base %s has no EFI stub, which a unified kernel image begins with; take the imager image"
                  .formatted(piece.recipe().base().name())
              + " of that version as the base");
    }
    Found splash = piece.tools().splash();
    return UkiComposer.compose(
        new UkiOrder(
            stub.file(),
            piece.file(AssetName.VMLINUZ).file(),
            piece.file(AssetName.INITRAMFS).file(),
            purpose == Purpose.ISO ? piece.isoCommandLine() : piece.commandLine(),
            piece.tools().osRelease(),
            piece.base().kernelRelease(),
            splash == null ? null : splash.file(),
            piece.version(),
            piece.arch(),
            purpose),
        file);
  }
}
