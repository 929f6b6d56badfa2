package dev.moonboot.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.TalosVersion;
import dev.moonboot.files.AtomicFile;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Talos versions that there are, by the tags of the base. Looked for now and then on a thread
 * of its own; what was found last holds, also over a start, when the registry cannot be asked.
 */
final class Versions implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMinutes(15);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
  private static final int MAX_TOKENS = 100_000;
  private static final Logger LOG = System.getLogger(Versions.class.getName());

  /** Squashed kernel and initramfs beside a UKI: what is composed here begins there. */
  private static final int OLDEST_MINOR = 6;

  private final Supplier<List<String>> tags;
  private final Path file;
  private final AtomicReference<@Nullable List<String>> known = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Stoppable work = new Stoppable();
  private final Thread thread = Thread.ofVirtual().name("factory-versions").unstarted(this::run);

  /**
   * @param tags of the base; may take long, and throws when they cannot be had
   * @param file where what was found is kept
   */
  Versions(Supplier<List<String>> tags, Path file) {
    this.tags = tags;
    this.file = file;
    read();
  }

  private void read() {
    try {
      if (JsonText.parse(Files.readString(file), MAX_TOKENS) instanceof Json.Arr(var items)) {
        known.set(
            versions(
                items.stream()
                    .filter(Json.Str.class::isInstance)
                    .map(item -> ((Json.Str) item).value())
                    .toList()));
      }
    } catch (NoSuchFileException e) {
      LOG.log(Level.DEBUG, "factory versions=none");
    } catch (IOException | JsonException e) {
      LOG.log(Level.WARNING, "factory versions file=" + file + " left_out=\"" + e + "\"");
    }
  }

  private static List<String> versions(List<String> tags) {
    return tags.stream()
        .filter(tag -> tag.startsWith("v"))
        .flatMap(tag -> TalosVersion.parse(tag).stream().filter(v -> v.toString().equals(tag)))
        .filter(version -> version.isAtLeast(OLDEST_MINOR))
        .sorted()
        .distinct()
        .map(TalosVersion::toString)
        .toList();
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed.await(look().toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.DEBUG, "factory versions=look");
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "factory versions=stopped");
    }
  }

  /** Looks once, and says when to look again. */
  Duration look() throws InterruptedException {
    try {
      List<String> found = versions(work.run(tags::get));
      if (found.isEmpty() && !known().orElse(List.of()).isEmpty()) {
        LOG.log(
            Level.WARNING,
            "factory versions=none why=\"the base lists none any more; those from before hold\"");
        return AFTER_FAILURE;
      }
      if (!found.equals(known.getAndSet(found))) {
        LOG.log(Level.INFO, "factory versions={0}", found.size());
        write(found);
      }
      return EVERY;
    } catch (RuntimeException e) {
      if (work.isStopped()) {
        throw new InterruptedException(String.valueOf(e.getMessage()));
      }
      LOG.log(Level.WARNING, "factory versions=unknown why=\"" + e.getMessage() + "\"");
      return AFTER_FAILURE;
    }
  }

  private void write(List<String> found) {
    var texts = new Json.Arr(found.stream().<Json>map(Json.Str::new).toList());
    try {
      AtomicFile.replace(file, texts.pretty().getBytes(UTF_8));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "factory versions cannot be written down: " + e);
    }
  }

  /** The oldest first; empty while none were ever found. */
  Optional<List<String>> known() {
    return Optional.ofNullable(known.get());
  }

  @Override
  public void close() {
    closed.countDown();
    work.close();
    try {
      if (thread.isAlive()) { // one that was never started cannot be joined
        thread.join(Duration.ofSeconds(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
