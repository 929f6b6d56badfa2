package dev.moonboot.template;

/** What one rendering has left of its {@link Bounds}. */
final class Budget {
  private static final int MAX_DEPTH = 500;

  /** A rendering of fewer steps is not held up by the clock: a busy machine may have stopped it. */
  private static final int FREE_STEPS = 4096;

  private static final int STEPS_BETWEEN_LOOKS = 64;
  private static final int CHARACTERS_A_STEP = 256;
  private static final int TEXTS_PER_OUTPUT = 16;

  private final Bounds bounds;
  private final long start = System.nanoTime();
  private long made;
  private long steps;
  private int depth;

  Budget(Bounds bounds) {
    this.bounds = bounds;
  }

  /** One more piece of work. */
  void step() throws TemplateException {
    steps(1);
  }

  /** Looks through so much text. */
  void read(int characters) throws TemplateException {
    steps(characters / CHARACTERS_A_STEP);
  }

  private void steps(int more) throws TemplateException {
    long before = steps;
    steps += more;
    if (steps > FREE_STEPS && before / STEPS_BETWEEN_LOOKS != steps / STEPS_BETWEEN_LOOKS) {
      look();
    }
  }

  private void look() throws TemplateException {
    if (System.nanoTime() - start > bounds.time().toNanos()) {
      throw new TemplateException(
          "takes longer than the " + bounds.time().toMillis() + " ms that a rendering may take");
    }
  }

  /** A text to be made for a function, of a size that is as bounded as the output. */
  Writing text() {
    return new Writing(bounds.output());
  }

  /**
   * A function has made so many bytes: all together are bounded too, as variables may keep them.
   */
  void made(int bytes) throws TemplateException {
    made += bytes;
    if (made > (long) TEXTS_PER_OUTPUT * bounds.output()) {
      throw new TemplateException("its functions make too much text");
    }
    read(bytes);
  }

  void enter() throws TemplateException {
    if (++depth > MAX_DEPTH) {
      throw new TemplateException(
          "more than " + MAX_DEPTH + " templates and blocks in one another");
    }
  }

  void leave() {
    depth--;
  }
}
