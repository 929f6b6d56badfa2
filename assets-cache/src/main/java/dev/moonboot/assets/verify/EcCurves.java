package dev.moonboot.assets.verify;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;

/** The curves of FIPS 186-5 that signatures are made with. */
final class EcCurves {
  static final ECParameterSpec P256 = named("secp256r1");
  static final ECParameterSpec P384 = named("secp384r1");

  private EcCurves() {}

  private static ECParameterSpec named(String name) {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(name));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + name, e);
    }
  }
}
