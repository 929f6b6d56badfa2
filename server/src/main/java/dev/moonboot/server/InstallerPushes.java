package dev.moonboot.server;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.ImagePush;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.verify.SignatureForms;
import dev.moonboot.installer.InstallerRepositories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Pushes the installer image of each new head to where the configuration says, with its signatures.
 * What a registry does not take is tried again, later and later.
 */
final class InstallerPushes implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(InstallerPushes.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final Map<String, SourceImage.Repository> targets;
  private final InstallerRepositories images;
  private final RegistrySettings settings;
  private final Map<String, Digest> pushed = new HashMap<>();
  private final Semaphore changes = new Semaphore(0);
  private final Thread thread = Thread.ofVirtual().name("installer-push").unstarted(this::run);

  /**
   * @param targets by channel
   */
  InstallerPushes(
      Map<String, SourceImage.Repository> targets,
      InstallerRepositories images,
      RegistrySettings settings) {
    this.targets = Map.copyOf(targets);
    this.images = images;
    this.settings = settings;
  }

  /** Pushes what is there now, and then whatever comes. */
  void start() {
    thread.start();
  }

  /** Other releases are held than before, perhaps. */
  void look() {
    changes.release();
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        boolean all = targets.entrySet().stream().allMatch(to -> push(to.getKey(), to.getValue()));
        if (all) {
          pause = FIRST_PAUSE;
          changes.acquire();
        } else if (!changes.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          Duration next = pause.multipliedBy(2);
          pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
        }
        changes.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Whether nothing is left to do for the channel. */
  private boolean push(String channel, SourceImage.Repository to) {
    Optional<Release> head = images.head(channel);
    if (head.isEmpty()) {
      return true;
    }
    Asset index = InstallerFiles.index(head.get()).orElseThrow();
    if (index.digest().equals(pushed.get(channel))) {
      return true;
    }
    String tag = head.get().version();
    try {
      ImagePush.push(
          to, settings, contents(head.get(), index), documents(head.get(), index), Progress.NONE);
      pushed.put(channel, index.digest());
      LOG.log(
          Level.INFO,
          "push channel=%s image=%s:%s digest=%s"
              .formatted(channel, to.display(), tag, index.digest()));
      return true;
    } catch (RegistryException | UncheckedIOException e) {
      LOG.log(
          Level.WARNING,
          "push channel=%s image=%s:%s failed why=\"%s\""
              .formatted(channel, to.display(), tag, e.getMessage()));
      return false;
    }
  }

  private List<ImagePush.Content> contents(Release release, Asset index) {
    List<ImagePush.Content> contents = new ArrayList<>();
    InstallerFiles.blobs(release)
        .forEach(blob -> contents.add(new ImagePush.Content.OfFile(blob.digest(), blob.file())));
    images.attached(index.digest()).stream()
        .flatMap(attached -> attached.blobs().stream())
        .forEach(blob -> contents.add(new ImagePush.Content.OfBytes(blob.bytes())));
    return contents;
  }

  private List<ImagePush.Document> documents(Release release, Asset index) {
    List<ImagePush.Document> documents = new ArrayList<>();
    InstallerFiles.manifests(release)
        .forEach(manifest ->
            documents.add(
                new ImagePush.Document(bytes(manifest), InstallerFiles.MANIFEST_TYPE, null)));
    documents.add(
        new ImagePush.Document(bytes(index), InstallerFiles.INDEX_TYPE, release.version()));
    List<SignatureForms.Attached> signatures = images.attached(index.digest());
    for (int i = 0; i < signatures.size(); i++) {
      String tag = i == 0 ? index.digest().fileName() + ".sig" : null; // the bundle has no tag
      SignatureForms.Document manifest = signatures.get(i).manifest();
      documents.add(new ImagePush.Document(manifest.bytes(), manifest.mediaType(), tag));
    }
    return documents;
  }

  private static byte[] bytes(Asset manifest) {
    try {
      return Files.readAllBytes(manifest.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
