package dev.moonboot.template;

/** Text being written, of bounded length. */
final class Writing {
  private final StringBuilder text = new StringBuilder();
  private final int limit;
  private int bytes;

  /**
   * @param limit bytes of UTF-8
   */
  Writing(int limit) {
    this.limit = limit;
  }

  Writing append(String more) throws TemplateException {
    require(more.length()); // before it is looked through
    count(Utf8.length(more));
    text.append(more);
    return this;
  }

  Writing append(char ascii) throws TemplateException {
    count(1);
    text.append(ascii);
    return this;
  }

  Writing appendCodePoint(int c) throws TemplateException {
    count(c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
    text.appendCodePoint(c);
    return this;
  }

  Writing repeat(char ascii, int times) throws TemplateException {
    if (times > 0) {
      count(times);
      text.repeat(ascii, times);
    }
    return this;
  }

  /** Fails when {@code more} bytes would be too many, before they are made. */
  void require(int more) throws TemplateException {
    if (more > limit - bytes) {
      throw tooMuch();
    }
  }

  private void count(int more) throws TemplateException {
    require(more);
    bytes += more;
  }

  private TemplateException tooMuch() {
    return new TemplateException(
        "writes more than the " + limit + " bytes that a rendering may write");
  }

  /** Bytes of UTF-8. */
  int bytes() {
    return bytes;
  }

  /** What is written so far: changes as more is. */
  CharSequence written() {
    return text;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
