package dev.moonboot.assets.verify;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.registry.Registry;
import java.time.Duration;

/** Which images may become releases, and which releases may still be served. Immutable. */
public interface AdmissionPolicy {
  /** Looks at no signature, and lets everything in; a tag that goes back waits all the same. */
  AdmissionPolicy OFF =
      new AdmissionPolicy() {
        @Override
        public Verdict judge(Registry registry, ImageReference image, Digest digest) {
          return new Verdict.Admitted(Admission.UNCHECKED);
        }

        @Override
        public Standing recheck(Release release) {
          return new Standing.Good();
        }

        @Override
        public RollbackRule rollback() {
          return RollbackRule.DEFAULT;
        }
      };

  /**
   * Whether the image of that digest may be pulled; asked after its digest is known and before
   * anything else of it is fetched. Signatures are read through {@code registry}.
   *
   * @param image under which name it is wanted: decides which rule holds
   * @param digest of what the tag names: an index, or a single manifest
   * @throws dev.moonboot.assets.registry.RegistryException when signatures could not be asked for,
   *     which is no verdict
   */
  Verdict judge(Registry registry, ImageReference image, Digest digest);

  /** Whether a release that was let in may still be served; from its proof, without a network. */
  Standing recheck(Release release);

  /** What to do with a tag that goes back. */
  RollbackRule rollback();

  /**
   * What to do with a tag that goes back to a digest that was replaced before.
   *
   * @param hold true when a person must say so first
   * @param slack by how much a signature may be older than that of the head without counting as
   *     going back
   */
  record RollbackRule(boolean hold, Duration slack) {
    public static final RollbackRule DEFAULT = new RollbackRule(true, Duration.ofHours(1));
  }
}
