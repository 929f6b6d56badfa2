package dev.moonboot.release;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;

/** Told what following does; called on the channel's own thread, one call at a time a channel. */
public interface FollowListener {
  /** Hears nothing. */
  FollowListener NONE = new FollowListener() {};

  /** A look begins: who is to be told how far it has come. */
  default Progress looking(Channel channel) {
    return Progress.NONE;
  }

  /** A look ended, and what it brought is in force. */
  default void looked(Channel channel, Refresh outcome) {}
}
