package dev.moonboot.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the key pair that is in force. A handshake in the very moment of a change may get the
 * certificate of one and the key of the other, and fail: the client tries again.
 */
final class CurrentKey extends X509ExtendedKeyManager {
  private final Supplier<KeyPairFiles> pair;

  CurrentKey(Supplier<KeyPairFiles> pair) {
    this.pair = pair;
  }

  private @Nullable String alias(String keyType) {
    String ours = pair.get().key().getAlgorithm();
    return keyType.equals(ours) || keyType.startsWith(ours + "_") || isEdwards(keyType, ours)
        ? ours
        : null;
  }

  private static boolean isEdwards(String keyType, String ours) {
    return keyType.equals("EdDSA") && ours.startsWith("Ed");
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return pair.get().chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return pair.get().key();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = alias(keyType);
    return alias == null ? new String[0] : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
