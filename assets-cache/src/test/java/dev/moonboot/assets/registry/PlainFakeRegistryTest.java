package dev.moonboot.assets.registry;

import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.RegistryFixture;

/** Without TLS, and without the referrers API. */
class PlainFakeRegistryTest extends RegistryContract {
  @Override
  RegistryFixture start() {
    return FakeRegistry.startPlain().referrersPage(0);
  }
}
