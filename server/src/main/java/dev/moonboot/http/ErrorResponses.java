package dev.moonboot.http;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The one place where what went wrong becomes a status for nodes: a short fixed line that firmware
 * can show. No answer says more than the client needs: causes are in the log. What people are told
 * is the admin API's.
 */
final class ErrorResponses {
  /** iPXE waits so many seconds and asks again; 0 would make it ask without a pause. */
  private static final String NOT_READY_RETRY = "10";

  private static final String BUSY_RETRY = "5";

  /** The header with the reason for a 404. */
  static final String REASON = "Moonboot-Reason";

  private static final int LONGEST_REASON = 200;
  private static final SecureRandom RANDOM = new SecureRandom();

  private ErrorResponses() {}

  /** Matchbox's one answer to everything that is not there, byte for byte. */
  static Reply notFound() {
    return plain(404, "404 page not found\n");
  }

  /**
   * The same to a node, with the reason in a header for whoever looks.
   *
   * @param why names groups, profiles and files, and tells no values of labels
   */
  static Reply notFound(String why) {
    return notFound().with(REASON, header(why));
  }

  /** Not there, with the reason for whoever sees the screen of a machine that boots. */
  static Reply absent(String why) {
    return plain(404, "404 not found: " + header(why) + "\n").with(REASON, header(why));
  }

  /** On one line of printable ASCII, whatever names people and nodes think of. */
  private static String header(String why) {
    StringBuilder safe = new StringBuilder();
    why.codePoints()
        .limit(LONGEST_REASON)
        .forEach(c -> safe.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
    return safe.toString().strip();
  }

  static Reply badRequest() {
    return plain(400, "400 Bad Request\n");
  }

  static Reply methodNotAllowed(String allowed) {
    return plain(405, "405 Method Not Allowed\n").with("Allow", allowed);
  }

  static Reply bodyRefused() {
    return plain(413, "413 Content Too Large: nothing here takes a request body\n");
  }

  static Reply tooManyHeaders() {
    return plain(431, "431 Request Header Fields Too Large\n");
  }

  static Reply forbidden() {
    return plain(403, "403 Forbidden\n");
  }

  static Reply preconditionFailed() {
    return Reply.of(412, Body.Absent.EMPTY);
  }

  static Reply rangeMalformed() {
    return plain(416, "invalid range\n");
  }

  static Reply rangeNotThere(long size) {
    return plain(416, "invalid range: failed to overlap\n")
        .with("Content-Range", "bytes */" + size);
  }

  /** The channel has no release yet: ask again. */
  static Reply notReady(String channel) {
    return plain(503, "not ready: channel " + channel + " has no release yet\n")
        .with("Retry-After", NOT_READY_RETRY);
  }

  /** As many files as allowed are being sent: ask again. */
  static Reply busy() {
    return plain(503, "busy: too many transfers at once\n").with("Retry-After", BUSY_RETRY);
  }

  /** What the node is to get could not be made this time: ask again. */
  static Reply notNow() {
    return plain(503, "not now: ask again\n").with("Retry-After", BUSY_RETRY);
  }

  /** As many signatures as allowed are being made: ask again. */
  static Reply signingBusy() {
    return plain(503, "busy: too many signatures at once\n").with("Retry-After", BUSY_RETRY);
  }

  /** A fault of ours; the id finds it in the log. */
  static Reply fault(String id) {
    return plain(500, "500 Internal Server Error, id " + id + "\n");
  }

  /** What Helidon refuses before any route sees it. */
  static Reply refused(int status, String reason) {
    return plain(status, status + " " + reason + "\n");
  }

  /** A request's id: enough to find it in the log. */
  static String id() {
    byte[] bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static Reply plain(int status, String text) {
    return Reply.uncached(status, text).with("X-Content-Type-Options", "nosniff");
  }
}
