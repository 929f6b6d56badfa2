package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.cli.ConsoleProgress;
import dev.moonboot.release.FollowListener;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Says aloud what following does, and keeps what it led to for whoever waits for that. */
final class DemoNarrator implements FollowListener {
  private final PrintWriter out;
  private final boolean terminal;
  private final LinkedBlockingQueue<Refresh> changes = new LinkedBlockingQueue<>();

  DemoNarrator(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** The next look that did not find everything as it was; empty when there is none in time. */
  Optional<Refresh> awaitChange(long seconds) throws InterruptedException {
    return Optional.ofNullable(changes.poll(seconds, TimeUnit.SECONDS));
  }

  @Override
  public Progress looking(Channel channel) {
    return new OnlyChanges(new ConsoleProgress(out, terminal, "   "));
  }

  @Override
  public void looked(Channel channel, Refresh outcome) {
    if (!(outcome instanceof Refresh.Unchanged)) {
      changes.add(outcome);
    }
  }

  /** A look begins with asking for the tag: that is told only once something comes of it. */
  private static final class OnlyChanges implements Progress {
    private final ConsoleProgress told;
    private String firstName = "";
    private String firstDetail = "";

    private OnlyChanges(ConsoleProgress told) {
      this.told = told;
    }

    @Override
    public synchronized void step(String name, String detail) {
      if (firstName.isEmpty()) {
        firstName = name;
        firstDetail = detail;
      } else {
        if (!firstDetail.isEmpty()) {
          told.step(firstName, firstDetail);
          firstDetail = "";
        }
        told.step(name, detail);
      }
    }

    @Override
    public synchronized void bytes(long done, long total) {
      told.bytes(done, total);
    }
  }
}
