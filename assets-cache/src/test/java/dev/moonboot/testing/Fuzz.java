package dev.moonboot.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What fuzz targets share. A target is a class {@code <Name>Fuzz} with {@code public static void
 * fuzzerTestOneInput(byte[])}, which throws only when something is wrong with us, and {@code static
 * List<byte[]> seeds()}. {@code server/src/fuzz/run} feeds them with coverage as guide; every build
 * replays the seeds, spoiled copies of them, and what once made a target fail (test resources
 * {@code fuzz/<Name>Fuzz/}).
 */
public final class Fuzz {
  private static final long MOST_CPU = TimeUnit.SECONDS.toNanos(1);
  private static final int COPIES = 100;

  private Fuzz() {}

  /** What is done with one input. */
  public interface Target {
    void read(byte[] input);
  }

  /** Something that a target does, with the faults that its inputs may cause. */
  public interface Work {
    void run() throws IOException;
  }

  /**
   * Does {@code work}, which must not take more than a second of CPU time: wall time says little on
   * a busy machine. An {@link IOException} that comes out means input that will not do.
   */
  public static void bounded(Work work) {
    long begin = cpu();
    try {
      work.run();
    } catch (IOException e) {
      // what readers of streams promise
    }
    long took = cpu() - begin;
    if (took > MOST_CPU) {
      throw new AssertionError("took " + TimeUnit.NANOSECONDS.toMillis(took) + " ms of CPU");
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Feeds {@code target} all its seeds, spoiled copies of them, and what once made it fail. */
  public static void replay(Class<?> fuzz, List<byte[]> seeds, Target target) {
    found(fuzz).forEach((name, input) -> one(name, input, target));
    Random random = new Random(1);
    for (int i = 0; i < seeds.size(); i++) {
      one("seed " + i, seeds.get(i), target);
      for (int copy = 0; copy < COPIES; copy++) {
        one("copy " + copy + " of seed " + i, spoiled(seeds.get(i), random), target);
      }
    }
  }

  private static void one(String name, byte[] input, Target target) {
    try {
      target.read(input.clone());
    } catch (RuntimeException | Error e) {
      throw new AssertionError(name, e);
    }
  }

  /** A copy with up to six faults. */
  public static byte[] spoiled(byte[] good, Random random) {
    byte[] input = good.clone();
    for (int i = random.nextInt(6); i >= 0 && input.length > 0; i--) {
      int at = random.nextInt(input.length);
      switch (random.nextInt(5)) {
        case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> input[at] = (byte) random.nextInt(256);
        case 2 -> Arrays.fill(input, at, Math.min(input.length, at + 4), (byte) 0xff);
        case 3 -> Arrays.fill(input, at, Math.min(input.length, at + random.nextInt(16)), (byte) 0);
        default -> input = random.nextInt(4) == 0 ? Arrays.copyOf(input, at + 1) : input;
      }
    }
    return input;
  }

  /** Inputs that once made a target fail, by name, from the test resources. */
  static Map<String, byte[]> found(Class<?> fuzz) {
    URL folder = fuzz.getResource("/fuzz/" + fuzz.getSimpleName());
    Map<String, byte[]> found = new LinkedHashMap<>();
    if (folder != null) {
      File @Nullable [] files = new File(folder.getPath()).listFiles();
      assertTrue(files != null, () -> "cannot list " + folder);
      Arrays.sort(files);
      for (File file : files) {
        found.put(file.getName(), bytes(file.toPath()));
      }
    }
    return found;
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder for a target that reads files; gone when the process ends as it should. */
  public static Path folder(String name) {
    try {
      Path folder = Files.createTempDirectory("moonboot-fuzz-" + name);
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same bytes, a few at a time, as networks bring them. */
  public static InputStream trickle(byte[] bytes) {
    return new Trickle(bytes);
  }

  private static final class Trickle extends InputStream {
    private final byte[] bytes;
    private int at;
    private int turn;

    private Trickle(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return at == bytes.length ? -1 : Byte.toUnsignedInt(bytes[at++]);
    }

    @Override
    public int read(byte[] out, int offset, int length) {
      if (length == 0) {
        return 0;
      } else if (at == bytes.length) {
        return -1;
      }
      int count = Math.min(Math.min(length, 1 + turn++ % 7), bytes.length - at);
      System.arraycopy(bytes, at, out, offset, count);
      at += count;
      return count;
    }
  }
}
