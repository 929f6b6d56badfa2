package dev.moonboot.assets.cache;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.assets.verify.Standing;
import dev.moonboot.assets.verify.Verdict;

/** A policy whose signatures are behind a cut cable. */
record UnreachableSignatures(AdmissionPolicy policy) implements AdmissionPolicy {
  @Override
  public Verdict judge(Registry registry, ImageReference image, Digest digest) {
    throw new RegistryException(RegistryException.Reason.UNREACHABLE, "connection reset");
  }

  @Override
  public Standing recheck(Release release) {
    return policy.recheck(release);
  }

  @Override
  public RollbackRule rollback() {
    return policy.rollback();
  }
}
