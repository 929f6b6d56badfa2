package dev.moonboot.server;

import dev.moonboot.assets.Digest;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Served;
import dev.moonboot.secret.HiddenFiles;
import dev.moonboot.tftp.AssetPaths;
import java.nio.file.Path;

/** The files of releases, as TFTP asks for them, and no secrets. */
record TftpAssets(ReleasePaths paths, HiddenFiles hidden) implements AssetPaths {
  @Override
  public AssetLookup lookup(String path, String client) {
    return paths.lookup(path, client);
  }

  @Override
  public Served.Use begin(Digest release) {
    return paths.begin(release);
  }

  @Override
  public boolean hides(Path file) {
    return hidden.hides(file);
  }
}
