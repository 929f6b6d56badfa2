package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import java.util.List;

/**
 * An image that is to become a release.
 *
 * @param image under which name it is wanted: decides which rule of the policy holds
 * @param digest what that name stood for when it was looked at
 * @param arches all of them, or nothing
 * @param content what it is to hold
 */
record WantedImage(
    ImageReference image,
    Digest digest,
    List<Arch> arches,
    Content content,
    Origin origin,
    Progress progress) {
  WantedImage {
    arches = List.copyOf(arches);
  }
}
