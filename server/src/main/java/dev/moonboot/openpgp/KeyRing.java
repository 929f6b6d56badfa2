package dev.moonboot.openpgp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.bouncycastle.bcpg.S2K;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPMarker;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.jspecify.annotations.Nullable;

/**
 * A file of OpenPGP keys, binary or in ASCII armor, as {@code gpg --export-secret-keys} writes it.
 * Signs with the primary key of the first entity in it, as matchbox does.
 */
public final class KeyRing {
  private static final int LARGEST = 1 << 20;

  private KeyRing() {}

  /**
   * Opens it, with the private key in the clear from now on.
   *
   * @param passphrase of the private key; null without one
   * @throws KeyRingException when it cannot be read or does not hold a key to sign with; the
   *     message says what to do
   */
  public static Signer open(Path file, @Nullable String passphrase) throws KeyRingException {
    PGPSecretKey secret = first(file);
    PGPPrivateKey key = opened(secret, passphrase, file);
    KeySigner signer = new KeySigner(secret.getPublicKey(), key);
    try {
      signer.sign(new byte[0]); // better now than when the first node asks
    } catch (IllegalStateException e) {
      throw new KeyRingException(
          "sign: the primary key of %s cannot sign (%s): use an RSA or Ed25519 key"
              .formatted(file, e.getMessage()),
          e);
    }
    return signer;
  }

  private static PGPSecretKey first(Path file) throws KeyRingException {
    byte[] bytes = read(file);
    Object object;
    try {
      InputStream packets = PGPUtil.getDecoderStream(new ByteArrayInputStream(bytes));
      BcPGPObjectFactory objects = new BcPGPObjectFactory(packets);
      do {
        object = objects.nextObject();
      } while (object instanceof PGPMarker);
    } catch (IOException | RuntimeException e) { // a parser of packets that trusts its input
      throw new KeyRingException(
          "sign: %s is not an OpenPGP key ring (%s): write one with gpg --export-secret-keys"
              .formatted(file, e.getMessage()),
          e);
    }
    return switch (object) {
      case null ->
          throw new KeyRingException(
              "sign: provided key ring file contained no keys: %s; write one with gpg"
                      .formatted(file)
                  + " --export-secret-keys");
      case PGPSecretKeyRing ring -> ring.getSecretKey();
      case PGPPublicKeyRing _ ->
          throw new KeyRingException(
              "sign: the first key of %s is a public one: write the file with gpg".formatted(file)
                  + " --export-secret-keys");
      default ->
          throw new KeyRingException(
              "sign: %s does not begin with a key: write it with gpg --export-secret-keys"
                  .formatted(file));
    };
  }

  private static byte[] read(Path file) throws KeyRingException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new KeyRingException("sign: " + file + " is larger than a key ring can be (1 MiB)");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new KeyRingException("sign: there is no key ring " + file, e);
    } catch (IOException e) {
      throw new KeyRingException("sign: cannot read the key ring " + file + ": " + e, e);
    }
  }

  private static PGPPrivateKey opened(PGPSecretKey secret, @Nullable String passphrase, Path file)
      throws KeyRingException {
    S2K s2k = secret.getS2K();
    if (secret.isPrivateKeyEmpty() || (s2k != null && s2k.getType() == S2K.GNU_DUMMY_S2K)) {
      throw new KeyRingException(
          "sign: the primary key of %s has no private part (gpg --export-secret-subkeys leaves it"
                  .formatted(file)
              + " out, a smart card keeps it): write it with gpg --export-secret-keys");
    }
    boolean locked = secret.getKeyEncryptionAlgorithm() != SymmetricKeyAlgorithmTags.NULL;
    if (locked && (passphrase == null || passphrase.isEmpty())) {
      throw new KeyRingException(
          "sign: missing passphrase for encrypted private key: " + file + " is locked");
    }
    try {
      return secret.extractPrivateKey(
          new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider())
              .build(passphrase == null ? new char[0] : passphrase.toCharArray()));
    } catch (PGPException | RuntimeException e) { // wrong keys decrypt to any bytes
      throw new KeyRingException(
          "openpgp: invalid data: private key checksum failure: the passphrase does not open "
              + file
              + ", or it is damaged",
          e);
    }
  }
}
