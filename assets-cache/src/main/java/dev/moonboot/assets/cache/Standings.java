package dev.moonboot.assets.cache;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.assets.verify.Standing;
import dev.moonboot.assets.verify.Standing.Flagged;
import dev.moonboot.assets.verify.Standing.Good;
import dev.moonboot.assets.verify.Standing.Revoked;
import dev.moonboot.assets.verify.Verdict;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The policy in force, and what it says of the releases that are here: found out from their proofs,
 * without a network, when a release is first asked for and whenever the policy changes.
 */
final class Standings {
  private static final Logger LOG = System.getLogger(Standings.class.getName());

  /** What was said of a release as it was recorded then. */
  private record Said(Release release, Standing standing) {}

  /** That a policy let an image in under that name. */
  private record Name(Digest digest, String image) {}

  private record InForce(
      AdmissionPolicy policy, ConcurrentMap<Digest, Said> said, Set<Name> admitted) {
    static InForce of(AdmissionPolicy policy) {
      return new InForce(policy, new ConcurrentHashMap<>(), ConcurrentHashMap.newKeySet());
    }
  }

  private volatile InForce inForce;

  Standings(AdmissionPolicy policy, Collection<Release> releases) {
    inForce = InForce.of(policy);
    releases.forEach(this::of);
  }

  AdmissionPolicy policy() {
    return inForce.policy();
  }

  /** Puts another policy in force, once it has looked at all that is here. */
  void replace(AdmissionPolicy policy, Collection<Release> releases) {
    InForce next = InForce.of(policy);
    releases.forEach(release -> of(next, release));
    inForce = next;
  }

  /** The release is gone. */
  void forget(Digest release) {
    InForce now = inForce;
    now.said().remove(release);
    now.admitted().removeIf(name -> name.digest().equals(release));
  }

  /** What the policy said of the release last. */
  Standing of(Release release) {
    return of(inForce, release);
  }

  private static Standing of(InForce inForce, Release release) {
    Said said = inForce.said().get(release.digest());
    return said != null && said.release().equals(release)
        ? said.standing()
        : recheck(inForce, release);
  }

  /** What the policy says of the release today. */
  Standing recheck(Release release) {
    return recheck(inForce, release);
  }

  private static Standing recheck(InForce inForce, Release release) {
    Standing now = ask(inForce.policy(), release);
    Said before = inForce.said().put(release.digest(), new Said(release, now));
    if (before == null || !before.standing().equals(now)) {
      switch (now) {
        case Good _ -> {}
        case Flagged(var why) ->
            LOG.log(
                Level.WARNING,
                "cache release=" + release.digest() + " flagged why=\"" + why + "\"");
        case Revoked(var why) ->
            LOG.log(
                Level.ERROR, "cache release=" + release.digest() + " revoked why=\"" + why + "\"");
      }
    }
    return now;
  }

  /** Of what is composed: what it says of the worst of the inputs. */
  private static Standing ask(AdmissionPolicy policy, Release release) {
    if (release.admission().inputs().isEmpty()) {
      return askOne(policy, release);
    }
    Standing worst = new Good();
    for (Admission.OfInput input : release.admission().inputs()) {
      switch (askOne(policy, asRelease(input, release))) {
        case Good _ -> {}
        case Flagged(var why) -> {
          if (worst instanceof Good) {
            worst = new Flagged("input %s: %s".formatted(input.name(), why));
          }
        }
        case Revoked(var why) -> {
          return new Revoked("input %s: %s".formatted(input.name(), why));
        }
      }
    }
    return worst;
  }

  /** A policy knows releases of one image: what it asks of those is what stands here. */
  private static Release asRelease(Admission.OfInput input, Release of) {
    Map<Arch, Build> builds = new EnumMap<>(Arch.class);
    // a catalog may be there for other architectures than what is made with it
    Set<Arch> arches =
        input.platforms().isEmpty() ? of.builds().keySet() : input.platforms().keySet();
    arches.forEach(arch ->
        builds.put(
            arch,
            new Build(
                input.platforms().getOrDefault(arch, input.digest()),
                List.of(),
                "",
                "",
                "",
                List.of(),
                Map.of())));
    return new Release(input.digest(), input.source(), builds, of.created(), input.admission());
  }

  private static Standing askOne(AdmissionPolicy policy, Release release) {
    try {
      return policy.recheck(release);
    } catch (RuntimeException e) { // what was kept with it is not what we once wrote
      return new Revoked("its proof cannot be read: " + Troubles.text(e));
    }
  }

  boolean isTrusted(Release release) {
    return !(of(release) instanceof Revoked);
  }

  /** Whether the policy would let that release in under that name, without asking a network. */
  boolean isGoodAs(Release release, ImageReference image) {
    InForce now = inForce;
    String name = image.toString();
    if (release.source().equals(name)) {
      return recheck(now, release) instanceof Good;
    }
    Release other =
        new Release(
            release.digest(), name, release.builds(), release.created(), release.admission());
    return now.admitted().contains(new Name(release.digest(), name))
        || ask(now.policy(), other) instanceof Good;
  }

  /**
   * Asks the policy in force for an image that is not here, or whose proof will not do.
   *
   * @throws dev.moonboot.assets.registry.RegistryException when signatures could not be asked for
   */
  Verdict judge(Registry registry, ImageReference image, Digest digest) {
    InForce now = inForce;
    Verdict verdict = now.policy().judge(registry, image, digest);
    if (verdict instanceof Verdict.Admitted) {
      now.admitted().add(new Name(digest, image.toString()));
    }
    return verdict;
  }

  /** What is made of several was let in under that name. */
  void admitted(ImageReference image, Digest digest) {
    inForce.admitted().add(new Name(digest, image.toString()));
  }

  /** Whether what is recorded of a release that is held had better be {@code admission}. */
  boolean isBetter(Admission admission, Release held) {
    boolean proves = admission.proof() != null && held.admission().proof() == null;
    return !admission.equals(held.admission()) && (proves || !(of(held) instanceof Good));
  }
}
