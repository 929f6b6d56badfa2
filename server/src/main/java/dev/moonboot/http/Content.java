package dev.moonboot.http;

import java.io.IOException;

/** A request's body. It is read when a route asks for it, at most once. */
public interface Content {
  /** Of a listener that takes no bodies. */
  Content NONE = _ -> "";

  /**
   * All of it, as text; empty when the request has none.
   *
   * @param atMost how many bytes it may have
   * @throws ContentException when it has more, ends early, or is not UTF-8
   * @throws IOException when the peer is gone
   */
  String text(int atMost) throws IOException;
}
