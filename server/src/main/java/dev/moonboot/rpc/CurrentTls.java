package dev.moonboot.rpc;

import dev.moonboot.tls.MutualTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * TLS for whoever connects now, with the certificate and the authorities that are in force now: TLS
 * 1.3 or 1.2 by the JDK, suites with forward secrecy and AES-GCM only, a client certificate always,
 * and HTTP/2 or nothing (RFC 9113, 3.2 and 9.2).
 */
final class CurrentTls extends SslContext {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

  private static final ApplicationProtocolConfig H2 =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.FATAL_ALERT,
          SelectedListenerFailureBehavior.FATAL_ALERT,
          "h2");

  private record Made(SSLContext from, JdkSslContext context) {}

  private final Supplier<MutualTls.Current> current;
  private volatile Made made;

  CurrentTls(Supplier<MutualTls.Current> current) {
    this.current = current;
    this.made = make(current.get().context());
  }

  private static Made make(SSLContext context) {
    return new Made(
        context,
        new JdkSslContext(
            context,
            false,
            SUITES,
            IdentityCipherSuiteFilter.INSTANCE,
            H2,
            ClientAuth.REQUIRE,
            PROTOCOLS.clone(),
            false));
  }

  private JdkSslContext context() {
    SSLContext now = current.get().context();
    Made last = made;
    if (!last.from().equals(now)) {
      last = make(now);
      made = last;
    }
    return last.context();
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public List<String> cipherSuites() {
    return context().cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // Netty asks each context for one
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return context().applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator buffers) {
    return context().newEngine(buffers);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator buffers, String peer, int port) {
    return context().newEngine(buffers, peer, port);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return context().sessionContext();
  }
}
