package dev.moonboot.http;

import java.time.Duration;

/** Where server-sent events come from. */
public interface EventSource extends AutoCloseable {
  /** What happened. */
  sealed interface Next {}

  /**
   * Something.
   *
   * @param name of the kind of event, without line ends
   * @param data one line
   * @param id what a peer that comes back may name ({@code Last-Event-ID}), without line ends;
   *     empty for none
   */
  record Event(String name, String data, String id) implements Next {
    /** One that nobody can come back to. */
    public Event(String name, String data) {
      this(name, data, "");
    }
  }

  /** Nothing yet. */
  record Quiet() implements Next {}

  /** There will be no more. */
  record End() implements Next {}

  /** Waits for what happens next, {@code atMost} so long. */
  Next next(Duration atMost) throws InterruptedException;

  /** Called once, whoever ended it. */
  @Override
  void close();
}
