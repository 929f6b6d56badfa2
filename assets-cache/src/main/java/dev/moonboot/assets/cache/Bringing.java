package dev.moonboot.assets.cache;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Caution;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Grounds;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.build.BuildException;
import dev.moonboot.assets.cache.Brought.Here;
import dev.moonboot.assets.cache.Brought.Not;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.assets.store.AssetStore;
import dev.moonboot.assets.store.Ingest;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.assets.verify.Verdict.Admitted;
import dev.moonboot.assets.verify.Verdict.Refused;
import dev.moonboot.assets.verify.Verdict.TooOld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes what a channel names a release that is held: asks the policy, and has its origin make it,
 * which commits the files and writes the release's record. No head moves by it. Two who want the
 * same image, or one of the same layers, cause one pull.
 */
final class Bringing {
  private final AssetStore store;
  private final Standings standings;
  private final Housekeeping housekeeping;
  private final Troubles troubles;
  private final Refusals refusals;
  private final KeyedLocks locks;

  Bringing(
      AssetStore store,
      Standings standings,
      Housekeeping housekeeping,
      Troubles troubles,
      KeyedLocks locks) {
    this.store = store;
    this.standings = standings;
    this.housekeeping = housekeeping;
    this.troubles = troubles;
    this.locks = locks;
    this.refusals = new Refusals(housekeeping.limits().nanoTime());
  }

  /**
   * Brings it as {@link Bringing} says. Making may take minutes: where another policy was put in
   * force meanwhile, that one decides.
   *
   * @param objection what else speaks against an image that the policy lets in
   */
  Brought bring(WantedImage wanted, Function<Admission, Optional<Held>> objection)
      throws IOException {
    long downloaded = 0;
    while (true) {
      AdmissionPolicy policy = standings.policy();
      Brought outcome = bringNow(wanted, objection);
      if (!(outcome instanceof Here(var release, var bytes))) {
        return outcome;
      }
      downloaded += bytes;
      if (policy.equals(standings.policy())) {
        return new Here(release, downloaded);
      }
    }
  }

  private Brought bringNow(WantedImage wanted, Function<Admission, Optional<Held>> objection)
      throws IOException {
    Optional<Release> other =
        store.release(wanted.digest()).filter(release -> release.content() != wanted.content());
    if (other.isPresent()) {
      return new Not(isOther(wanted, other.get()));
    }
    Optional<Release> held = held(wanted);
    if (held.isPresent() && standings.isGoodAs(held.get(), wanted.image())) {
      Optional<Held> no = objection.apply(held.get().admission());
      return no.isPresent() ? new Not(no.get()) : taken(wanted, held.get(), held.get().admission());
    }
    Refusals.Key key =
        new Refusals.Key(
            wanted.digest(),
            wanted.arches(),
            wanted.content(),
            wanted.image().toString(),
            standings.policy());
    Optional<Refresh> refused = refusals.current(key);
    if (refused.isPresent()) {
      return new Not(refused.get());
    }
    Brought outcome = judge(wanted, objection);
    switch (outcome) {
      case Here _ -> refusals.remove(key);
      case Not(var why) when isOfTheImage(why) -> refusals.add(key, why);
      case Not _ -> {}
    }
    return outcome;
  }

  /** A release is what it is for all who name its digest. */
  private static Rejected isOther(WantedImage wanted, Release release) {
    return new Rejected(
        wanted.digest(),
        Grounds.CONTENT,
        "%s: %s is held already, with content %s, and one image can have one content only; set the"
                .formatted(wanted.image(), wanted.digest(), release.content().id())
            + " content of both channels alike, or publish %s in an image of their own"
                .formatted(wanted.content().id()));
  }

  /** Whether trying again would only find the same. */
  private static boolean isOfTheImage(Refresh outcome) {
    return outcome instanceof Rejected
        || outcome instanceof Held
        || (outcome instanceof Failed(var trouble, var _, var _)
            && trouble == Trouble.DIGEST_MISMATCH);
  }

  void forgetRefusals(Digest digest) {
    refusals.forget(digest);
  }

  void forgetRefusals() {
    refusals.forget();
  }

  private Optional<Release> held(WantedImage wanted) {
    return store
        .take(wanted.digest())
        .filter(release -> release.builds().keySet().containsAll(wanted.arches()));
  }

  private Brought judge(WantedImage wanted, Function<Admission, Optional<Held>> objection)
      throws IOException {
    wanted.progress().step("verify", wanted.digest().toString());
    String image = wanted.image() + ": ";
    try {
      return switch (wanted.origin().judge(standings, wanted)) {
        case Refused(var why) ->
            new Not(new Rejected(wanted.digest(), Grounds.SIGNATURE, image + why));
        case TooOld(var why) -> new Not(new Held(wanted.digest(), Caution.AGE, image + why));
        case Admitted(var admission) -> {
          Optional<Held> no = objection.apply(admission);
          yield no.isPresent() ? new Not(no.get()) : admitted(wanted, admission);
        }
      };
    } catch (RegistryException e) {
      return new Not(troubles.ofBlob(e));
    }
  }

  private Brought admitted(WantedImage wanted, Admission admission) throws IOException {
    Optional<Release> held = held(wanted);
    if (held.isPresent()) {
      return taken(wanted, held.get(), admission);
    }
    Origin.Make make;
    try {
      make = wanted.origin().plan(wanted, admission);
    } catch (RegistryException e) {
      return e.reason() == Reason.NO_PLATFORM || e.reason() == Reason.UNSUPPORTED
          ? new Not(rejected(wanted, Troubles.text(e)))
          : new Not(troubles.ofBlob(e));
    }
    // Whoever else wants this image, or another made of the same layers, waits and then finds it.
    try (KeyedLocks.Held _ = locks.lock(make.keys())) {
      Optional<Release> meanwhile = held(wanted);
      return meanwhile.isPresent() ? taken(wanted, meanwhile.get(), admission) : make(wanted, make);
    }
  }

  /** What is held is as it is for all; whether it will do for this one, its origin knows. */
  private Brought taken(WantedImage wanted, Release held, Admission admission) throws IOException {
    Optional<String> why = wanted.origin().objection(held);
    return why.isPresent()
        ? new Not(rejected(wanted, why.get()))
        : new Here(recorded(held, admission), 0);
  }

  private Release recorded(Release held, Admission admission) throws IOException {
    return standings.isBetter(admission, held) ? store.admit(held.digest(), admission) : held;
  }

  private Brought make(WantedImage wanted, Origin.Make make) throws IOException {
    try (Ingest ingest = store.ingest(wanted.digest())) {
      try {
        Release release = make.into(ingest, housekeeping::needRoom);
        return new Here(release, make.downloaded());
      } catch (ExtractException | BuildException e) {
        if (Troubles.isStopped()) {
          return new Not(Troubles.stopped()); // what was broken off says nothing of the image
        }
        ingest.discard();
        return new Not(rejected(wanted, Troubles.text(e)));
      } catch (RegistryException e) {
        if (e.reason() == Reason.LOCAL_IO) {
          ingest.discard();
        }
        return new Not(troubles.ofBlob(e));
      } catch (IOException | UncheckedIOException e) {
        if (!Troubles.isStopped()) {
          // Nothing that was written is trusted after a fault of the disk.
          ingest.discard();
        }
        throw e;
      }
    }
  }

  private static Rejected rejected(WantedImage wanted, String why) {
    return new Rejected(wanted.digest(), Grounds.CONTENT, wanted.image() + ": " + why);
  }
}
