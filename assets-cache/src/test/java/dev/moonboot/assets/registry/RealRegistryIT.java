package dev.moonboot.assets.registry;

import dev.moonboot.testing.RealRegistry;
import dev.moonboot.testing.RegistryFixture;

class RealRegistryIT extends RegistryContract {
  @Override
  RegistryFixture start() {
    return RealRegistry.start();
  }
}
