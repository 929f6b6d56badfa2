package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Head;
import dev.moonboot.assets.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is in the directories of a store, for a look at it beside the process that has it: takes no
 * lock, changes nothing, and hashes nothing. So a file of a release that it finds may be damaged,
 * and a release may be gone with the next sweep.
 */
public final class StoreView {
  private final StoreLayout layout;

  /**
   * @param root where releases are
   * @param state where it is kept what channels name; both need not be there
   */
  public StoreView(Path root, Path state) {
    this.layout =
        new StoreLayout(root.toAbsolutePath().normalize(), state.toAbsolutePath().normalize());
  }

  /** The digests of all releases that are recorded, sorted. */
  public List<Digest> releases() throws IOException {
    List<Digest> digests = new ArrayList<>();
    try (var records = Files.newDirectoryStream(layout.releases())) {
      records.forEach(record -> ReleaseRecord.digestOf(record).ifPresent(digests::add));
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return digests.stream().sorted().toList();
  }

  /**
   * One of those.
   *
   * @throws IOException when it is not there, or its record cannot be read
   */
  public Release release(Digest digest) throws IOException {
    return ReleaseRecord.read(layout, digest);
  }

  /**
   * What a channel names, then what it named before, newest first; nothing for a channel that the
   * state does not know.
   *
   * @throws IOException when its state is there and cannot be read
   */
  public List<Head> history(String channel) throws IOException {
    ChannelRecord.Found found = ChannelRecord.read(layout, channel);
    Optional<ChannelRecord> record = found.record();
    if (record.isEmpty() && !found.broken().isEmpty()) {
      throw found.broken().getFirst();
    }
    return record.stream()
        .flatMap(of -> of.marks().stream())
        .map(mark -> new Head(mark.release(), mark.since()))
        .toList();
  }
}
