package dev.moonboot.assets.cache;

import dev.moonboot.assets.build.BuildException;
import dev.moonboot.assets.extension.ExtensionException;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.program.MissingProgramException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Work for one build, whose name belongs into whatever is told of it. */
interface BuildWork<T> {
  T get() throws IOException;

  /**
   * What the work gives.
   *
   * @throws CacheException when it cannot be done
   */
  static <T> T about(String build, BuildWork<T> work) {
    try {
      return told(build, work);
    } catch (CacheException e) {
      throw Troubles.isStopped()
          ? new CacheException("build " + build + ": broken off; nothing of it is left", e)
          : e;
    }
  }

  private static <T> T told(String build, BuildWork<T> work) {
    try {
      return work.get();
    } catch (RegistryException | ExtractException | BuildException | ExtensionException e) {
      throw new CacheException("build " + build + ": " + Troubles.text(e), e);
    } catch (IOException e) {
      throw new CacheException("build " + build + ": " + words(e), e);
    } catch (UncheckedIOException e) {
      throw new CacheException("build " + build + ": " + words(e.getCause()), e);
    }
  }

  /** What is told in a sentence stands for itself; all else needs the name of what it is. */
  private static String words(@Nullable Throwable e) {
    return e instanceof MissingProgramException || e instanceof NoRoomException
        ? Troubles.text(e)
        : String.valueOf(e);
  }
}
