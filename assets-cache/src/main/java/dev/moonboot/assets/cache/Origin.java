package dev.moonboot.assets.cache;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.VersionLine;
import dev.moonboot.assets.store.Ingest;
import dev.moonboot.assets.verify.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the releases of a channel come from: says what the channel names, and makes a release of
 * it. Open for one run; calls come from one thread, {@link #close} from any.
 *
 * <p>What cannot be had throws {@link dev.moonboot.assets.registry.RegistryException}; of these
 * {@code NO_PLATFORM} and {@code UNSUPPORTED} say that it will not do.
 */
interface Origin extends AutoCloseable {
  /**
   * The newest version of a line.
   *
   * @param name of what has the versions, with the line
   */
  record Chosen(String name, VersionLine line, TalosVersion version) {}

  /** What a look finds. */
  sealed interface Named {
    /**
     * Of this digest a release is to be there.
     *
     * @param chosen the version that it is of; null where nobody chose among versions
     */
    record At(Digest digest, @Nullable Chosen chosen) implements Named {
      At(Digest digest) {
        this(digest, null);
      }
    }

    /** It cannot be said, or will not do. */
    record Not(Refresh outcome) implements Named {}
  }

  /**
   * What the image names now; where nothing moved nothing but that is asked.
   *
   * @param arches that a release must have
   */
  Named resolve(ImageReference image, List<Arch> arches, Progress progress);

  /** What the policy in force says of it; asked before anything else of it is fetched. */
  Verdict judge(Standings standings, WantedImage wanted);

  /**
   * Why a release that is held will not do here, though it is of that digest: it may have been made
   * for somebody who wants less of it. Empty when it will.
   *
   * @throws IOException when that cannot be found out
   */
  default Optional<String> objection(Release held) throws IOException {
    return Optional.empty();
  }

  /**
   * Finds out what its release is made of.
   *
   * @param admission why it is let in
   */
  Make plan(WantedImage wanted, Admission admission);

  /** One release about to be made: every architecture that is wanted, or nothing. */
  interface Make {
    /** Whoever makes another that has a key in common waits, and then finds what is there. */
    List<String> keys();

    /**
     * Makes and publishes it.
     *
     * @param needRoom told how many bytes are about to be written; throws when there is no room
     * @throws dev.moonboot.assets.extract.ExtractException when what came will not do
     * @throws dev.moonboot.assets.build.BuildException when what was to be composed will not do
     * @throws IOException when the disk fails
     */
    Release into(Ingest ingest, LongConsumer needRoom) throws IOException;

    /** Bytes fetched so far. */
    long downloaded();
  }

  /** Ends whatever is running. */
  @Override
  void close();
}
