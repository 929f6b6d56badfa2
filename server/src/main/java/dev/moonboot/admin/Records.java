package dev.moonboot.admin;

import dev.moonboot.journal.AuditFilter;
import dev.moonboot.journal.AuditPage;
import dev.moonboot.journal.BootLog;

/** What happened, as far as it was written down. */
public interface Records {
  /** The latest audit records that the filter accepts, newest first. */
  AuditPage audit(AuditFilter filter, int limit);

  /** The boots of late, and which nodes were seen. */
  BootLog boots();
}
