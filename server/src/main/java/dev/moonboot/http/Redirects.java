package dev.moonboot.http;

/** Go's redirect to the clean form of a path, byte for byte. */
final class Redirects {
  private Redirects() {}

  /**
   * 307 with the query kept.
   *
   * @param path starts with one slash only, so it never leads to another host
   */
  static Reply to(String path, Request request) {
    String location = request.query() == null ? path : path + "?" + request.query();
    String html = "<a href=\"" + escape(location) + "\">Temporary Redirect</a>.\n\n";
    return Reply.typed(307, "text/html; charset=utf-8", html).with("Location", location);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
