package dev.moonboot.journal;

import java.util.List;

/**
 * Some records of the audit log.
 *
 * @param records newest first
 * @param more whether there may be older ones that fit: reading stopped at the limit
 */
public record AuditPage(List<AuditRecord> records, boolean more) {
  public AuditPage {
    records = List.copyOf(records);
  }
}
