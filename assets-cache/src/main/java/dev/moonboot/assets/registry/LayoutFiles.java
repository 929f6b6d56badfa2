package dev.moonboot.assets.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;

/** The files of an OCI image layout, wherever they are. */
interface LayoutFiles extends AutoCloseable {
  /** An open file; the stream has exactly {@code size} bytes, unless it is cut while being read. */
  record Content(long size, InputStream in) {}

  /**
   * Opens one file.
   *
   * @param name relative, of letters, digits and {@code - /} only: {@code blobs/sha256/…}
   * @throws NoSuchFileException when there is none
   */
  Content open(String name) throws IOException;

  @Override
  void close() throws IOException;
}
