package dev.moonboot.assets.build;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.compose.UkiOrder.Purpose;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.iso.UefiIso;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** Makes ISO images for UEFI machines, of a unified kernel image with a command line of its own. */
final class IsoMaker implements OutputMaker {
  @Override
  public void make(Collection<Workpiece> pieces, InputImages images) throws IOException {
    for (Workpiece piece : pieces) {
      if (piece.order().wants(Output.ISO)) {
        piece.order().progress().step("compose", "ISO image for " + piece.arch().id());
        piece.put(AssetName.ISO, iso(piece));
      }
    }
  }

  private static Found iso(Workpiece piece) throws IOException {
    Found loader = piece.tools().loader();
    if (loader == null) {
      throw new BuildException(
          "base %s has no systemd-boot.efi, which an ISO image begins with; take the imager image of"
                  .formatted(piece.recipe().base().name())
              + " that version as the base");
    }
    Path folder = piece.folder("iso");
    Path uki = folder.resolve("uki.efi");
    UnifiedMaker.write(piece, Purpose.ISO, uki);
    Path out = folder.resolve(AssetName.ISO.fileName());
    UefiIso.write(
        new UefiIso.Parts(piece.arch(), piece.version(), loader.file(), uki),
        out,
        piece.folder("iso-parts"));
    Files.delete(uki);
    return new Found(out, Files.size(out), Digest.ofFile(out), "composed");
  }
}
