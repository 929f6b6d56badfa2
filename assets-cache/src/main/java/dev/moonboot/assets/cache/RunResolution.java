package dev.moonboot.assets.cache;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.build.BaseChannels;
import dev.moonboot.assets.build.BuildException;
import dev.moonboot.assets.build.Resolution;
import dev.moonboot.assets.build.Resolving;
import dev.moonboot.assets.store.AssetStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** What the builds of one run are to be made of; the same for each as long as the run lasts. */
final class RunResolution implements AutoCloseable {
  private final BuildRun.Setting setting;
  private final BuildRun.By by;
  private final Progress progress;
  private final Composing composing;
  private final RunImages images;
  private final Map<String, Resolution.Fixed> resolved = new HashMap<>();
  private final Map<String, Input> kept = new HashMap<>();

  /**
   * @param store that keeps what is pulled
   * @param room for bytes; throws as {@link Housekeeping#needRoom} where there is none
   */
  RunResolution(
      BuildRun.Setting setting,
      BuildRun.By by,
      AssetStore store,
      LongConsumer room,
      Progress progress) {
    this.setting = setting;
    this.by = by;
    this.progress = progress;
    this.composing =
        new Composing(
            store,
            new Standings(setting.policy(), List.of()),
            ImageAccess.of(setting.registry()),
            new Resolving(this::head, setting.build().locked()),
            new KeyedLocks(),
            room,
            new ReentrantLock(),
            setting.build().threads());
    this.images = new RunImages(composing);
    images.tell(progress);
  }

  Composing composing() {
    return composing;
  }

  RunImages images() {
    return images;
  }

  /** See {@link BuildRun#keep}. */
  void keep(String channel, Input base) {
    kept.put(channel, base);
  }

  /** See {@link BuildRun#resolve}. */
  Resolution.Fixed resolve(Channel channel) {
    Resolution.Fixed known = resolved.get(channel.name());
    if (known == null) {
      known = BuildWork.about(channel.name(), () -> look(channel));
      resolved.put(channel.name(), known);
    }
    return known;
  }

  private Resolution.Fixed look(Channel channel) {
    Composition composition = composition(channel);
    var order =
        new Resolving.Order(composition, channel.arches(), progress, kept.get(channel.name()));
    Resolution resolution =
        switch (by) {
          case INPUTS -> composing.resolving().anew(order, images);
          case CONFIGURATION -> composing.resolving().resolve(order, images);
        };
    return switch (resolution) {
      case Resolution.Fixed fixed -> {
        Stream.concat(fixed.recipe().inputs().stream(), fixed.catalogs().stream())
            .map(images::objection)
            .flatMap(Optional::stream)
            .findFirst()
            .ifPresent(objection -> {
              throw new BuildException(why(objection));
            });
        yield fixed;
      }
      case Resolution.Not(var outcome) -> throw new BuildException(why(outcome));
    };
  }

  static Composition composition(Channel channel) {
    if (channel.image().source() instanceof SourceImage.Composed(var composition)) {
      return composition;
    }
    throw new IllegalArgumentException("channel " + channel.name() + " is no build");
  }

  private static String why(Refresh outcome) {
    return switch (outcome) {
      case Refresh.Rejected(var _, var _, var why) -> why;
      case Refresh.Held(var _, var _, var why) -> why;
      case Refresh.Failed(var _, var why, var _) -> why;
      case Refresh.Unchanged _, Refresh.Updated _ -> outcome.toString();
    };
  }

  /** A channel that others are made of, as it would be now. */
  private Optional<BaseChannels.Head> head(String name) {
    Optional<Channel> named =
        setting.channels().stream().filter(channel -> channel.name().equals(name)).findFirst();
    return named.map(channel ->
        switch (channel.image().source()) {
          case SourceImage.Composed _ -> {
            Resolution.Fixed fixed = resolve(channel);
            yield new BaseChannels.Head(
                channel.image(), fixed.digest(), fixed.recipe().version(), fixed.recipe());
          }
          case SourceImage.Factory _ ->
              new BaseChannels.Head(channel.image(), Digest.of(new byte[0]), "", null);
          case SourceImage.Repository _, SourceImage.Layout _, SourceImage.Archive _ ->
              new BaseChannels.Head(channel.image(), digest(channel.image()), "", null);
        });
  }

  private Digest digest(ImageReference image) {
    Digest fixed = image.digest();
    return fixed != null ? fixed : images.registry(image).resolve(image.tag());
  }

  @Override
  public void close() {
    images.close();
  }
}
