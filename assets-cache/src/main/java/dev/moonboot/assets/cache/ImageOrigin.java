package dev.moonboot.assets.cache;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Platforms;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.verify.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** An image in a registry, or in a layout on disk. */
record ImageOrigin(Registry registry, ImageAccess.Extraction extraction) implements Origin {
  @Override
  public Named resolve(ImageReference image, List<Arch> arches, Progress progress) {
    return new Named.At(registry.resolve(image.tag()));
  }

  @Override
  public Verdict judge(Standings standings, WantedImage wanted) {
    return standings.judge(registry, wanted.image(), wanted.digest());
  }

  @Override
  public Make plan(WantedImage wanted, Admission admission) {
    Map<Arch, PlatformImage> platforms = new EnumMap<>(Arch.class);
    for (Arch arch : wanted.arches()) {
      platforms.put(arch, Platforms.select(registry, wanted.digest(), arch));
    }
    return new ReleasePull(this, wanted, platforms, admission);
  }

  @Override
  public void close() {
    registry.close();
  }
}
