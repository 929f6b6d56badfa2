package dev.moonboot.assets.registry;

import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.RegistryFixture;

class FakeRegistryTest extends RegistryContract {
  @Override
  RegistryFixture start() {
    return FakeRegistry.start();
  }
}
