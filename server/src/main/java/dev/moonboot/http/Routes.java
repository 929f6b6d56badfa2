package dev.moonboot.http;

import java.io.IOException;

/** What a listener answers. */
public interface Routes {
  /**
   * The answer. Whoever calls closes its body.
   *
   * @throws IOException for a fault of ours; never because something is not there
   */
  Reply answer(Request request) throws IOException;
}
