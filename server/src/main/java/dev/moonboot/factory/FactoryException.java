package dev.moonboot.factory;

/** A request that cannot be answered as it is; the message is for whoever sent it. */
public final class FactoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  private FactoryException(int status, String message) {
    super(message);
    this.status = status;
  }

  static FactoryException invalid(String why) {
    return new FactoryException(400, why);
  }

  static FactoryException unknown(String why) {
    return new FactoryException(404, why);
  }

  static FactoryException later(String why) {
    return new FactoryException(503, why);
  }

  /** Of the answer, as Image Factory has it: 400, 404 or 503. */
  public int status() {
    return status;
  }
}
