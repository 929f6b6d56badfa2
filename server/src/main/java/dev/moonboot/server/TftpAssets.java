package dev.moonboot.server;

import dev.moonboot.assets.Digest;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Served;
import dev.moonboot.tftp.AssetPaths;

/** The files of releases, as TFTP asks for them. */
record TftpAssets(ReleasePaths paths) implements AssetPaths {
  @Override
  public AssetLookup lookup(String path, String client) {
    return paths.lookup(path, client);
  }

  @Override
  public Served.Use begin(Digest release) {
    return paths.begin(release);
  }
}
