package dev.moonboot.admin;

import dev.moonboot.journal.AuditFilter;
import dev.moonboot.journal.AuditPage;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootFilter;
import java.util.List;

/** What happened, as far as it was written down. */
public interface Records {
  /** The latest audit records that the filter accepts, newest first. */
  AuditPage audit(AuditFilter filter, int limit);

  /** The latest boots that the filter accepts, newest first. */
  List<Boot> boots(BootFilter filter, int limit);
}
