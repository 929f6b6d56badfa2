package dev.moonboot.http;

import java.nio.file.Path;

/**
 * What a listener shows that it is who it says.
 *
 * @param certificate PEM: the certificate, then those that signed it
 * @param key PEM: the certificate's private key, PKCS #8, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {}
