package dev.moonboot.journal;

/** Where changes are written down. */
@FunctionalInterface
public interface Audit {
  /** Forgets everything. */
  Audit NONE = _ -> {};

  /**
   * Writes it down; it lasts once this returns. A change is written down before it takes effect, so
   * that there is none without a record; a change that fails then gets a second record that says
   * so.
   *
   * @throws AuditException when it could be written nowhere: the change must not be made
   */
  void record(AuditEvent event);
}
