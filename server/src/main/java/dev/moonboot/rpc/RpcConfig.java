package dev.moonboot.rpc;

import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.tls.CertificateFilesException;
import dev.moonboot.tls.ClientTrustFiles;
import dev.moonboot.tls.KeyPairFiles;
import dev.moonboot.tls.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The gRPC listener.
 *
 * @param bind where it listens; port 0 takes a free one
 * @param tls what it shows to clients
 * @param clients whose certificates it accepts
 * @param roles what their owners may do
 */
public record RpcConfig(
    InetSocketAddress bind, TlsFiles tls, ClientTrustFiles clients, ClientRoles roles) {
  private static final String WHY =
      "must be set where grpc.address is: gRPC is spoken only with certificates on both sides";

  /** Of a listener where each accepted client may do everything. */
  public RpcConfig(InetSocketAddress bind, TlsFiles tls, ClientTrustFiles clients) {
    this(bind, tls, clients, ClientRoles.ANY);
  }

  /** As {@link #read(ConfigReader, boolean)}, with a key that not anybody may read. */
  public static Optional<RpcConfig> read(ConfigReader in) {
    return read(in, false);
  }

  /**
   * Reads the section {@code grpc}; empty when gRPC is off, which it is without an address.
   *
   * @param readableKey whether the certificate's key may be one that anybody may read
   */
  public static Optional<RpcConfig> read(ConfigReader in, boolean readableKey) {
    Optional<InetSocketAddress> address =
        in.optional(
            "address", "where matchbox's gRPC API is served; off unless this is set", Kind.ADDRESS);
    Optional<Path> certificate =
        in.optionalPath(
            "certificate", "PEM file: the gRPC listener's certificate, then those that signed it");
    Optional<Path> key = in.optionalPath("key", "PEM file: the private key of that certificate");
    List<Path> authorities =
        in
            .values(
                "client-ca",
                "PEM files: the authorities that sign clients' certificates",
                List.of(),
                Kind.PATH)
            .stream()
            .map(in::resolve)
            .toList();
    Path revoked =
        in.optionalPath("client-crl", "PEM file: a list of revoked certificates of each of them")
            .orElse(null);
    ClientRoles roles = ClientRoles.read(in);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    require(in, "certificate", certificate.isPresent());
    require(in, "key", key.isPresent());
    require(in, "client-ca", !authorities.isEmpty());
    if (certificate.isEmpty() || key.isEmpty() || authorities.isEmpty()) {
      return Optional.empty();
    }
    TlsFiles tls = new TlsFiles(certificate.get(), key.get(), readableKey);
    ClientTrustFiles clients = new ClientTrustFiles(authorities, revoked);
    check(in, "certificate", () -> KeyPairFiles.read(tls));
    check(in, "client-ca", clients::check);
    return Optional.of(new RpcConfig(address.get(), tls, clients, roles));
  }

  private static void require(ConfigReader in, String key, boolean set) {
    if (!set) {
      in.problem(key, WHY);
    }
  }

  private interface Reading {
    void read() throws CertificateFilesException;
  }

  private static void check(ConfigReader in, String key, Reading reading) {
    try {
      reading.read();
    } catch (CertificateFilesException e) {
      in.problem(key, String.valueOf(e.getMessage()));
    }
  }
}
