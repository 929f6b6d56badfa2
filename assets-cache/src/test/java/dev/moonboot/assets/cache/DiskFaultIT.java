package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.CrashLab.CHANNEL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.files.Disk;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real file systems that are full, read-only, or lose power. Needs root, to mount them. */
class DiskFaultIT {
  private static final int LAYER = 600_000;
  private static final int CUTS = Integer.getInteger("moonboot.cuts", 12);

  @TempDir Path dir;
  private final Deque<Path> mounted = new ArrayDeque<>();

  @BeforeEach
  void needs() {
    Requires.that("root".equals(System.getProperty("user.name")), "this test is not run by root");
    Requires.program("mkfs.ext4");
    Requires.program("mount");
  }

  @AfterEach
  void unmount() throws Exception {
    while (!mounted.isEmpty()) {
      run("umount", mounted.pop().toString());
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    var ended = ChildJvm.run(new ProcessBuilder(command).redirectErrorStream(true), Map.of());
    assertEquals(0, ended.status(), String.join(" ", command) + ": " + ended.text());
  }

  private Path mount(String name, String... arguments) throws Exception {
    Path at = Files.createDirectories(dir.resolve(name));
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(arguments));
    command.add(at.toString());
    run(command.toArray(String[]::new));
    mounted.push(at);
    return at;
  }

  private Path ext4(String name, int mebibytes, String... options) throws Exception {
    Path image = dir.resolve(name + ".img");
    try (var file =
        Files.newByteChannel(image, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.position((long) mebibytes << 20).write(ByteBuffer.allocate(1));
    }
    List<String> command = new ArrayList<>(List.of("mkfs.ext4", "-q", "-F"));
    command.addAll(List.of(options));
    command.add(image.toString());
    run(command.toArray(String[]::new));
    return image;
  }

  private static Digest push(CacheFixture fixture, String seed) {
    Map<Arch, Digest> images = new EnumMap<>(Arch.class);
    for (Arch arch : Arch.values()) {
      images.put(arch, fixture.registry.image(arch, MemoryRegistry.layer(arch.id() + seed, LAYER)));
    }
    Digest index = fixture.registry.index(seed, images);
    fixture.registry.tag("demo", index);
    return index;
  }

  private static Trouble trouble(Refresh refresh) {
    return assertInstanceOf(Failed.class, refresh, refresh.toString()).trouble();
  }

  @Test
  void c_09_short_writes_on_a_full_disk_leave_no_object_and_room_lets_it_go_on() throws Exception {
    Path disk = mount("disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs");
    Path root = disk.resolve("cache");
    CacheFixture fixture = new CacheFixture(root);
    fixture.registry.chunk = 1 << 20;
    push(fixture, "one");
    try (AssetCache cache = fixture.open()) {
      assertEquals(Trouble.NO_SPACE, trouble(CacheFixture.refresh(cache, CHANNEL)));
      try (var blobs = Files.list(root.resolve("blobs/sha256"))) {
        assertEquals(List.of(), blobs.toList());
      }
      run("mount", "-o", "remount,size=16m", disk.toString());
      assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL));
      CacheFixture.assertWhole(root, cache, CHANNEL);
    }
  }

  @Test
  void c_07_without_inodes_the_refresh_fails_and_what_is_served_stays() throws Exception {
    Path disk = mount("disk", "-o", "loop", ext4("disk", 32, "-N", "64").toString());
    Path root = disk.resolve("cache");
    CacheFixture fixture = new CacheFixture(root);
    push(fixture, "one");
    try (AssetCache cache = fixture.open()) {
      Release head = assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL)).head();
      Path fill = Files.createDirectory(disk.resolve("fill"));
      fillInodes(fill);
      push(fixture, "two");
      assertEquals(Trouble.NO_SPACE, trouble(CacheFixture.refresh(cache, CHANNEL)));
      assertEquals(Optional.of(head), cache.head(CHANNEL));
      CacheFixture.assertWhole(root, cache, CHANNEL);
      Disk.deleteTree(fill);
      assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {700_000, 1_300_000, 1_900_000})
  void c_07_a_disk_that_fills_up_anywhere_keeps_what_is_served_and_room_lets_it_go_on(int free)
      throws Exception {
    Path disk = mount("disk", "-t", "tmpfs", "-o", "size=16m", "tmpfs");
    Path root = disk.resolve("cache");
    CacheFixture fixture = new CacheFixture(root);
    push(fixture, "one");
    try (AssetCache cache = fixture.open()) {
      Release head = assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL)).head();
      Path fill = fillBut(disk, free);
      push(fixture, "two");
      assertEquals(Trouble.NO_SPACE, trouble(CacheFixture.refresh(cache, CHANNEL)));
      assertEquals(Optional.of(head), cache.head(CHANNEL));
      CacheFixture.assertWhole(root, cache, CHANNEL);
      try (var left = Files.walk(root.resolve("ingest"))) {
        assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
      }
      Files.delete(fill);
      assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL));
      CacheFixture.assertWhole(root, cache, CHANNEL);
    }
  }

  private static Path fillBut(Path disk, long free) throws IOException {
    Path fill = disk.resolve("fill");
    byte[] some = new byte[1 << 16];
    try (var out = Files.newOutputStream(fill)) {
      while (Files.getFileStore(disk).getUsableSpace() - free > some.length) {
        out.write(some);
      }
    }
    return fill;
  }

  @Test
  void c_08_a_disk_that_is_full_before_the_start_serves_what_it_has() throws Exception {
    Path disk = mount("disk", "-t", "tmpfs", "-o", "size=16m", "tmpfs");
    Path root = disk.resolve("cache");
    CacheFixture fixture = new CacheFixture(root);
    push(fixture, "one");
    Release head;
    try (AssetCache cache = fixture.open()) {
      head = assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL)).head();
    }
    Path fill = fillBut(disk, 0);
    try (AssetCache cache =
        Invariants.i6_starts(fixture::open, CHANNEL, Optional.of(head.digest()))) {
      assertEquals(new Unchanged(head), CacheFixture.refresh(cache, CHANNEL));
      push(fixture, "two");
      assertEquals(Trouble.NO_SPACE, trouble(CacheFixture.refresh(cache, CHANNEL)));
      assertEquals(Optional.of(head), cache.head(CHANNEL));
      Files.delete(fill);
      assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL));
    }
  }

  @Test
  void c_10_a_disk_that_becomes_read_only_while_running_goes_on_being_served() throws Exception {
    Path disk = mount("disk", "-t", "tmpfs", "-o", "size=16m", "tmpfs");
    Path root = disk.resolve("cache");
    CacheFixture fixture = new CacheFixture(root);
    push(fixture, "one");
    try (AssetCache cache = fixture.open()) {
      Release head = assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL)).head();
      makeReadOnly(disk, true);
      assertEquals(new Unchanged(head), CacheFixture.refresh(cache, CHANNEL));
      push(fixture, "two");
      assertEquals(Trouble.READ_ONLY, trouble(CacheFixture.refresh(cache, CHANNEL)));
      assertEquals(Optional.of(head), cache.head(CHANNEL));
      CacheFixture.assertWhole(root, cache, CHANNEL);
      makeReadOnly(disk, false);
      assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL));
    }
  }

  /** By a mount on top: the disk itself cannot change while the lock is open for writing. */
  private void makeReadOnly(Path disk, boolean readOnly) throws Exception {
    if (readOnly) {
      run("mount", "--bind", disk.toString(), disk.toString());
      run("mount", "-o", "remount,bind,ro", disk.toString());
      mounted.push(disk);
    } else {
      run("umount", mounted.pop().toString());
    }
  }

  private static void fillInodes(Path directory) throws IOException {
    try {
      for (int i = 0; i < 1000; i++) {
        Files.createFile(directory.resolve("f" + i));
      }
    } catch (IOException e) {
      return; // full, as was wanted
    }
    throw new AssertionError("1000 files on a file system of 64 inodes");
  }

  @Test
  void a_read_only_disk_serves_what_it_has_from_the_start_and_says_that_it_cannot_be_written()
      throws Exception {
    Path disk = mount("disk", "-t", "tmpfs", "-o", "size=16m", "tmpfs");
    Path root = disk.resolve("cache");
    CacheFixture fixture = new CacheFixture(root);
    push(fixture, "one");
    Release head;
    try (AssetCache cache = fixture.open()) {
      head = assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL)).head();
    }
    run("mount", "-o", "remount,ro", disk.toString());
    try (AssetCache cache = fixture.open()) {
      assertEquals(new Unchanged(head), CacheFixture.refresh(cache, CHANNEL));
      push(fixture, "two");
      assertEquals(Trouble.READ_ONLY, trouble(CacheFixture.refresh(cache, CHANNEL)));
      assertEquals(Optional.of(head), cache.head(CHANNEL));
    }
    run("mount", "-o", "remount,rw", disk.toString());
    try (AssetCache cache = fixture.open()) {
      assertInstanceOf(Updated.class, CacheFixture.refresh(cache, CHANNEL));
    }
  }

  /**
   * The file behind a mounted loop device holds what reached the disk; a copy of it, made while the
   * writing process stands still, is the disk after a power cut. What was acknowledged before must
   * be in it.
   */
  @Test
  void a_power_cut_loses_nothing_that_was_acknowledged() throws Exception {
    Path image = ext4("disk", 64);
    Path disk = mount("disk", "-o", "loop", image.toString());
    long seed = System.nanoTime();
    System.out.println("power cuts with seed " + seed);
    Random random = new Random(seed);
    List<Digest> acknowledged = Collections.synchronizedList(new ArrayList<>());
    Process child = ChildJvm.of(CrashLab.class, "follow", disk.resolve("cache").toString()).start();
    try (var out = child.inputReader(UTF_8);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var reading =
          threads.submit(() ->
              out.lines()
                  .filter(line -> line.startsWith("sha256:")) // beside them is its log
                  .forEach(line -> acknowledged.add(Digest.parse(line))));
      for (int cut = 0; cut < CUTS; cut++) {
        LockSupport.parkNanos(50_000_000 + random.nextInt(250_000_000));
        assertTrue(child.isAlive(), "the child has ended after " + acknowledged);
        List<Digest> before = List.copyOf(acknowledged);
        signal(child, "STOP");
        Path copy = dir.resolve("cut.img");
        run("cp", "--sparse=always", image.toString(), copy.toString());
        signal(child, "CONT");
        checkCut(copy, before);
      }
      child.outputWriter(UTF_8).close(); // now it ends
      assertEquals(0, child.waitFor());
      reading.get();
      System.out.println("power cuts=" + CUTS + " refreshes=" + acknowledged.size());
      assertTrue(acknowledged.size() > CUTS, "hardly anything was done between the cuts");
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  /**
   * The same while files are damaged, found, fetched again and swept. What is served after the cut
   * and one look at every file is whole; nothing that was acknowledged has made room for nothing.
   */
  @Test
  void a_power_cut_while_sweeping_and_healing_leaves_only_whole_releases() throws Exception {
    Path image = ext4("disk", 64);
    Path disk = mount("disk", "-o", "loop", image.toString());
    long seed = System.nanoTime();
    System.out.println("power cuts with seed " + seed);
    Random random = new Random(seed);
    List<Digest> acknowledged = Collections.synchronizedList(new ArrayList<>());
    Process child = ChildJvm.of(CrashLab.class, "care", disk.resolve("cache").toString()).start();
    try (var out = child.inputReader(UTF_8);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var reading =
          threads.submit(() ->
              out.lines()
                  .filter(line -> line.startsWith("sha256:")) // beside them is its log
                  .forEach(line -> acknowledged.add(Digest.parse(line))));
      for (int cut = 0; cut < CUTS; cut++) {
        LockSupport.parkNanos(50_000_000 + random.nextInt(250_000_000));
        assertTrue(child.isAlive(), "the child has ended after " + acknowledged);
        List<Digest> before = List.copyOf(acknowledged);
        signal(child, "STOP");
        Path copy = dir.resolve("cut.img");
        run("cp", "--sparse=always", image.toString(), copy.toString());
        signal(child, "CONT");
        checkCaredFor(copy, before);
      }
      child.outputWriter(UTF_8).close(); // now it ends
      assertEquals(0, child.waitFor());
      reading.get();
      System.out.println("power cuts=" + CUTS + " rounds=" + acknowledged.size());
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private void checkCaredFor(Path copy, List<Digest> before) throws Exception {
    Path at = mount("cut", "-o", "loop", copy.toString());
    try {
      Path root = at.resolve("cache");
      if (before.isEmpty() && Files.notExists(root)) {
        return;
      }
      try (AssetCache cache =
          Invariants.i6_starts(new CacheFixture(root)::open, CHANNEL, Optional.empty())) {
        cache.scrub(Progress.NONE);
        Invariants.i2_reachable(cache, CHANNEL);
        Invariants.i3_state(CacheFixture.state(root));
        // of the last three at most the newest is being damaged and healed just now
        assertTrue(
            cache.releases(CHANNEL).size() >= Math.min(before.size() - 1, 2),
            () -> "only " + cache.releases(CHANNEL).size() + " of " + before.size());
      }
    } finally {
      mounted.remove(at);
      run("umount", at.toString());
    }
  }

  private static void signal(Process process, String signal) throws Exception {
    run("kill", "-" + signal, Long.toString(process.pid()));
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (signal.equals("STOP") && !standsStill(process)) {
      assertTrue(System.nanoTime() < end, "the child did not stop");
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** All threads are stopped; one within fsync(2) stops when that returns. */
  private static boolean standsStill(Process process) throws IOException {
    try (var tasks = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path task : tasks) {
        String stat = Files.readString(task.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
    }
    return true;
  }

  private void checkCut(Path copy, List<Digest> before) throws Exception {
    Path at = mount("cut", "-o", "loop", copy.toString());
    try {
      Path root = at.resolve("cache");
      if (before.isEmpty() && Files.notExists(root)) {
        return;
      }
      try (AssetCache cache = new CacheFixture(root).open()) {
        Optional<Digest> head = cache.head(CHANNEL).map(Release::digest);
        CacheFixture.assertWhole(root, cache, CHANNEL);
        assertTrue(head.isPresent() || before.isEmpty(), "an acknowledged head is lost");
        // It may be a newer one, done or acknowledged while the child was being stopped.
        boolean older =
            head.map(before::indexOf).filter(i -> i >= 0 && i < before.size() - 1).isPresent();
        assertFalse(older, () -> head + " is older than the " + before.size() + "th");
      }
    } finally {
      mounted.remove(at);
      run("umount", at.toString());
    }
  }
}
