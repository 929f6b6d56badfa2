package dev.moonboot.tls;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose client certificates a listener accepts.
 *
 * @param authorities PEM: each holds the certificates of one or more authorities
 * @param revoked PEM: a revocation list of each authority; null when none is looked at
 */
public record ClientTrustFiles(List<Path> authorities, @Nullable Path revoked) {
  public ClientTrustFiles {
    authorities = List.copyOf(authorities);
  }

  /**
   * Finds out whether the files can be used.
   *
   * @throws CertificateFilesException when one cannot
   */
  public void check() throws CertificateFilesException {
    ClientTrust.read(this);
  }
}
