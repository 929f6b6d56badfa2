package dev.moonboot.rpc;

import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditException;
import dev.moonboot.journal.RateLimit;
import dev.moonboot.tls.ClientTrust;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Lets a call through only when the certificate that the connection began with is still good, and
 * its owner may do that.
 */
final class Authorization implements ServerInterceptor {
  private static final System.Logger LOG = System.getLogger(Authorization.class.getName());

  /** Where a TLS session keeps under which authorities its certificate has been found good. */
  private static final String CHECKED = "moonboot.checked";

  private final Supplier<ClientTrust> trust;
  private final ClientRoles roles;
  private final Audit audit;
  private final RateLimit denials = new RateLimit(1, 20, System::nanoTime);

  Authorization(Supplier<ClientTrust> trust, ClientRoles roles, Audit audit) {
    this.trust = trust;
    this.roles = roles;
    this.audit = audit;
  }

  @Override
  public <A, B> Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    try {
      Context context = Context.current().withValue(Caller.CURRENT, admit(call));
      return Contexts.interceptCall(context, call, headers, next);
    } catch (StatusRuntimeException e) {
      call.close(e.getStatus(), new Metadata());
      return new Listener<>() {};
    }
  }

  private Caller admit(ServerCall<?, ?> call) {
    String method = Methods.name(call);
    String source = source(call) + " grpc";
    try {
      X509Certificate certificate = certificate(call);
      Fingerprint fingerprint = Fingerprint.of(certificate);
      Caller caller =
          new Caller(
              new Actor(Actor.Type.CERT, fingerprint.text(), source),
              certificate.getSubjectX500Principal().getName(),
              method);
      ClientRole needed = Methods.isChange(method) ? ClientRole.WRITE : ClientRole.READ;
      Optional<ClientRole> role = roles.of(certificate, fingerprint);
      if (role.isPresent() && role.get().covers(needed)) {
        return caller;
      }
      throw denied(caller, role, needed);
    } catch (CertificateException | SSLPeerUnverifiedException e) {
      String why = Printable.of(String.valueOf(e.getMessage()));
      LOG.log(
          Level.WARNING, "rpc_unauthenticated client={0} method={1} why={2}", source, method, why);
      throw Status.UNAUTHENTICATED
          .withDescription("the client certificate is no longer accepted: " + why)
          .asRuntimeException();
    }
  }

  private X509Certificate certificate(ServerCall<?, ?> call)
      throws CertificateException, SSLPeerUnverifiedException {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      throw new SSLPeerUnverifiedException("there is none");
    }
    X509Certificate[] chain =
        Arrays.stream(session.getPeerCertificates())
            .map(X509Certificate.class::cast)
            .toArray(X509Certificate[]::new);
    ClientTrust now = trust.get();
    if (session.getValue(CHECKED) == now) {
      chain[0].checkValidity();
    } else {
      now.check(chain);
      session.putValue(CHECKED, now);
    }
    return chain[0];
  }

  private static String source(ServerCall<?, ?> call) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress at
        ? at.getAddress().getHostAddress() + ":" + at.getPort()
        : "unknown";
  }

  private StatusRuntimeException denied(
      Caller caller, Optional<ClientRole> role, ClientRole needed) {
    String why =
        role.map(has -> "has the role " + has.text() + ", this needs " + needed.text())
            .orElse("is not in grpc.clients");
    LOG.log(
        Level.WARNING,
        "rpc_denied client={0} method={1} certificate={2} why=\"{3}\"",
        caller.actor().source(),
        caller.method(),
        caller.actor().id(),
        why);
    if (denials.pass().isPresent()) {
      try {
        audit.record(
            new AuditEvent(
                "auth.forbidden", "refused", why, caller.actor(), Map.of(), caller.details()));
      } catch (AuditException e) {
        LOG.log(Level.WARNING, "not_audited event=auth.forbidden", e);
      }
    }
    return Status.PERMISSION_DENIED
        .withDescription("the certificate " + caller.actor().id() + " " + why)
        .asRuntimeException();
  }
}
