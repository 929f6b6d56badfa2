package dev.moonboot.openpgp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.PGPContentSigner;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;

/** Signs with one key, by Bouncy Castle's own operators: no provider is registered. */
final class KeySigner implements Signer {
  private final PGPPublicKey known;
  private final PGPPrivateKey key;

  KeySigner(PGPPublicKey known, PGPPrivateKey key) {
    this.known = known;
    this.key = key;
  }

  /**
   * @throws IllegalStateException when the key cannot sign, which is found out when it is opened
   */
  @Override
  public byte[] sign(byte[] text) {
    try {
      PGPContentSigner content =
          new BcPGPContentSignerBuilder(known.getAlgorithm(), HashAlgorithmTags.SHA256)
              .build(PGPSignature.CANONICAL_TEXT_DOCUMENT, key);
      PGPSignatureGenerator generator = new PGPSignatureGenerator((_, _) -> content, known);
      generator.init(PGPSignature.CANONICAL_TEXT_DOCUMENT, key);
      PGPSignatureSubpacketGenerator subpackets = new PGPSignatureSubpacketGenerator();
      subpackets.setSignatureCreationTime(false, Date.from(Instant.now()));
      subpackets.setIssuerKeyID(false, known.getKeyID());
      generator.setHashedSubpackets(subpackets.generate());
      // past the generator, which takes every CR for a line end
      content.getOutputStream().write(CanonicalText.of(text));
      return generator.generate().getEncoded();
    } catch (PGPException | IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** The id of the key. */
  @Override
  public String toString() {
    return "%016X".formatted(known.getKeyID());
  }

  @Override
  public String armored(byte[] signature) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ArmoredOutputStream armor =
        ArmoredOutputStream.builder().clearHeaders().enableCRC(true).build(out)) {
      armor.write(signature);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(US_ASCII).strip();
  }
}
