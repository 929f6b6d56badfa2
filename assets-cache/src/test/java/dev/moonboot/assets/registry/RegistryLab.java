package dev.moonboot.assets.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.RegistryFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** A fake registry, what it is reached through, and what waits were made for it. */
final class RegistryLab implements AutoCloseable {
  static final String REPOSITORY = "acme/talos";
  static final String PUBLIC = "93.184.216.34";

  final FakeRegistry fake;
  final TestNetwork network;
  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final List<Registry> opened = new ArrayList<>();

  RegistryLab() {
    this(FakeRegistry.start());
  }

  RegistryLab(FakeRegistry fake) {
    this.fake = fake;
    this.network = new TestNetwork(fake.port());
  }

  /** The fake registry under its own address. Pauses are noted and not made. */
  Registry open() {
    return open(fake.address(), fake.settings());
  }

  Registry open(String host, RegistrySettings settings) {
    var source = new SourceImage.Repository(host, REPOSITORY);
    Registry registry = new OciRegistry(source, settings, network, pauses::add);
    opened.add(registry);
    return registry;
  }

  /** The fake registry as one on the internet. */
  Registry openPublic(RegistrySettings settings) {
    network.name("registry.example.com", PUBLIC);
    return open("registry.example.com", settings);
  }

  /** Settings with little patience. */
  static RegistrySettings impatient(RegistrySettings settings) {
    Duration little = Duration.ofMillis(400);
    return settings.withTimeouts(
        new RegistrySettings.Timeouts(little, little, little, Duration.ofMillis(1)));
  }

  static byte[] content(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static Descriptor blob(byte[] bytes) {
    return new Descriptor(RegistryFixture.LAYER, Digest.of(bytes), bytes.length);
  }

  static RegistryException assertFails(Reason reason, Runnable work) {
    RegistryException failure = assertThrows(RegistryException.class, work::run);
    assertEquals(reason, failure.reason(), failure.getMessage());
    return failure;
  }

  @Override
  public void close() {
    opened.forEach(Registry::close);
    fake.close();
  }
}
