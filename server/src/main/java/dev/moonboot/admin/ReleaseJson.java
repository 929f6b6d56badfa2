package dev.moonboot.admin;

import dev.moonboot.admin.HeldReleases.Booting;
import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.boot.ReleaseDiff;
import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Releases, and what two of them differ in, as they are told. Evidence of a proof is not. */
final class ReleaseJson {
  private ReleaseJson() {}

  /** What a list tells of each. */
  static Json.Obj summary(HeldReleases held, Release release, List<Booting> booting) {
    return head(held, release, booting).json();
  }

  private static Members head(HeldReleases held, Release release, List<Booting> booting) {
    Digest digest = release.digest();
    return new Members()
        .text("release", digest)
        .text("version", release.version())
        .text("content", release.content().id())
        .text("source", release.source())
        .text("created", release.created())
        .texts("channels", held.channels(digest))
        .texts("headOf", held.headOf(digest))
        .texts("profiles", booting.stream().map(Booting::profile).toList())
        .number("size", HeldReleases.size(release))
        .text("lastServed", held.lastServed(release))
        .flag("damaged", held.isDamaged(release))
        .json("standing", standing(held, release));
  }

  private static Json.Obj standing(HeldReleases held, Release release) {
    Optional<String> revoked = held.revoked(release.digest());
    Optional<String> flagged = held.flagged(release);
    return new Members()
        .text("state", revoked.isPresent() ? "revoked" : flagged.isPresent() ? "flagged" : "good")
        .text("why", revoked.or(() -> flagged))
        .json();
  }

  /** All there is to tell of one. */
  static Json.Obj whole(HeldReleases held, Release release, List<Booting> booting) {
    return head(held, release, booting)
        .list(
            "bootedBy",
            booting.stream()
                .map(one ->
                    new Members()
                        .text("profile", one.profile())
                        .text("by", lower(one.effective().by()))
                        .json())
                .toList())
        .json("admission", admission(release.admission()))
        .list(
            "arches",
            new TreeMap<>(release.builds())
                .entrySet().stream().map(build -> build(build.getKey(), build.getValue())).toList())
        .json();
  }

  private static Json.Obj admission(Admission admission) {
    Members members = said(admission);
    if (!admission.inputs().isEmpty()) {
      members.list("inputs", admission.inputs().stream().map(ReleaseJson::input).toList());
    }
    return members.json();
  }

  private static Json.Obj input(Admission.OfInput input) {
    return new Members()
        .text("name", input.name())
        .text("image", input.source())
        .text("digest", input.digest())
        .all(said(input.admission()).json())
        .json();
  }

  private static Members said(Admission admission) {
    Optional<Proof> proof = Optional.ofNullable(admission.proof());
    return new Members()
        .text("mode", lower(admission.mode()))
        .text("rule", admission.rule())
        .text("warning", admission.warning())
        .text("signer", proof.map(Proof::signer))
        .text("format", proof.map(found -> lower(found.format())))
        .text("signedAt", proof.flatMap(found -> Optional.ofNullable(found.signedAt())));
  }

  private static Json.Obj build(Arch arch, Build build) {
    return new Members()
        .text("arch", arch.id())
        .text("manifest", build.manifest())
        .text("layout", build.layout())
        .text("talosVersion", build.talosVersion())
        .text("kernelRelease", build.kernelRelease())
        .texts("extensions", build.extensions())
        .json("uki", uki(build.uki()))
        .list(
            "assets",
            AssetName.sorted(build.assets()).values().stream().map(ReleaseJson::asset).toList())
        .json();
  }

  private static Json.@Nullable Obj uki(@Nullable UkiLines uki) {
    return uki == null
        ? null
        : new Members()
            .text("stub", uki.stub())
            .texts("cmdlines", uki.base())
            .list(
                "profiles",
                uki.profiles().stream()
                    .map(profile ->
                        new Members()
                            .text("id", profile.id())
                            .texts("cmdlines", profile.cmdlines())
                            .json())
                    .toList())
            .flag("wipes", uki.wipes())
            .json();
  }

  private static Json.Obj asset(Asset asset) {
    return new Members()
        .text("name", asset.name().fileName())
        .number("size", asset.size())
        .text("digest", asset.digest())
        .json();
  }

  /** The files of a release that say what it is made of. */
  static Json.Obj records(Digest release, Map<Arch, Json.Obj> records) {
    Map<String, Json> byArch = new LinkedHashMap<>();
    records.forEach((arch, record) -> byArch.put(arch.id(), record));
    return new Members().text("release", release).json("records", new Json.Obj(byArch)).json();
  }

  static Json.Obj diff(ReleaseDiff diff) {
    return new Members()
        .text("from", diff.from())
        .text("to", diff.to())
        .json("version", change(diff.version()))
        .json("signer", change(diff.signer()))
        .json("source", change(diff.source()))
        .list("arches", diff.arches().stream().map(ReleaseJson::arch).toList())
        .json();
  }

  private static Json.Obj arch(ReleaseDiff.ArchDiff diff) {
    return new Members()
        .text("arch", diff.arch().id())
        .text("presence", lower(diff.presence()))
        .json("talosVersion", change(diff.talosVersion()))
        .json("kernel", change(diff.kernel()))
        .json("layout", change(diff.layout()))
        .list(
            "extensions",
            diff.extensions().stream()
                .map(extension ->
                    new Members()
                        .text("name", extension.name())
                        .text("from", extension.from())
                        .text("to", extension.to())
                        .json())
                .toList())
        .texts("argsAdded", diff.argsAdded())
        .texts("argsRemoved", diff.argsRemoved())
        .list(
            "sizes",
            diff.sizes().stream()
                .map(size ->
                    new Members()
                        .text("asset", size.asset().fileName())
                        .number("fromBytes", size.from())
                        .number("toBytes", size.to())
                        .flag("sameBytes", size.sameBytes())
                        .json())
                .toList())
        .json();
  }

  private static Json.Obj change(ReleaseDiff.Change change) {
    return new Members().text("from", change.from()).text("to", change.to()).json();
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
