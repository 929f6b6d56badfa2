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
   */
  record Event(String name, String data) implements Next {}

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
