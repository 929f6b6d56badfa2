package dev.moonboot.rpc;

import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Which client may do what.
 *
 * @param entries none: then every client whose certificate is accepted may do everything, as with
 *     matchbox
 */
record ClientRoles(List<Entry> entries) {
  /** Every client may do everything. */
  static final ClientRoles ANY = new ClientRoles(List.of());

  /**
   * One client.
   *
   * @param name its certificate's common name, or one of its alternative names; null for any
   * @param fingerprint of its certificate; null for any
   */
  record Entry(@Nullable String name, @Nullable Fingerprint fingerprint, ClientRole role) {
    private boolean matches(Set<String> names, Fingerprint its) {
      return (name == null || names.contains(name))
          && (fingerprint == null || fingerprint.equals(its));
    }
  }

  ClientRoles {
    entries = List.copyOf(entries);
  }

  static ClientRoles read(ConfigReader in) {
    return new ClientRoles(
        in.list("clients").stream().flatMap(item -> entry(item).stream()).toList());
  }

  private static Optional<Entry> entry(ConfigReader in) {
    Optional<String> name =
        in.optional(
            "name",
            "the client whose certificate has that common name or alternative name",
            Kind.TEXT);
    Optional<Fingerprint> fingerprint =
        in.optional(
            "fingerprint", "the client with that certificate, by its SHA-256", Fingerprint.KIND);
    Optional<ClientRole> role =
        in.required(
            "role", "read (get, list and select) or write (put and delete, too)", ClientRole.KIND);
    if (name.isEmpty() && fingerprint.isEmpty()) {
      in.problem("role", "is nobody's: set name or fingerprint, too");
      return Optional.empty();
    }
    return role.map(r -> new Entry(name.orElse(null), fingerprint.orElse(null), r));
  }

  /** What the owner of that certificate may do; empty when he is not listed. */
  Optional<ClientRole> of(X509Certificate certificate, Fingerprint fingerprint) {
    if (entries.isEmpty()) {
      return Optional.of(ClientRole.WRITE);
    }
    Set<String> names = names(certificate);
    return entries.stream()
        .filter(entry -> entry.matches(names, fingerprint))
        .map(Entry::role)
        .max(ClientRole::compareTo);
  }

  /** Common names, and alternative names that are text (RFC 5280, 4.2.1.6). */
  private static Set<String> names(X509Certificate certificate) {
    Set<String> names = new HashSet<>();
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          names.add(String.valueOf(rdn.getValue()));
        }
      }
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.stream()
            .map(List::getLast)
            .filter(String.class::isInstance)
            .forEach(name -> names.add((String) name));
      }
    } catch (InvalidNameException | CertificateParsingException e) {
      return Set.of(); // one that cannot be read has no name
    }
    return names;
  }
}
