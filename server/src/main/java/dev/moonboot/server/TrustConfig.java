package dev.moonboot.server;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.assets.verify.AdmissionPolicy.RollbackRule;
import dev.moonboot.assets.verify.ImagePattern;
import dev.moonboot.assets.verify.Signer;
import dev.moonboot.assets.verify.TrustPolicy;
import dev.moonboot.assets.verify.TrustRule;
import dev.moonboot.config.Check;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads whose signatures are asked for; the other module, whose policy it is, reads no YAML. */
final class TrustConfig {
  private static final Kind<Mode> MODE = oneOf(Mode.values(), TrustConfig::id);
  private static final Kind<TrustRule.Subject> SUBJECT =
      oneOf(TrustRule.Subject.values(), TrustRule.Subject::id);
  private static final Kind<Format> FORMAT = oneOf(Format.values(), TrustRule::id);
  private static final Kind<Digest> FINGERPRINT =
      new Kind<>("a fingerprint such as sha256:1f3a…", Digest::parse, Digest::toString);
  private static final Kind<ImagePattern> PATTERN =
      new Kind<>(
          "a repository such as ghcr.io/acme/talos, ghcr.io/acme/* or *",
          ImagePattern::parse,
          ImagePattern::toString);
  private static final Kind<Boolean> HOLD =
      new Kind<>(
          "hold or follow", text -> either(text, "hold", "follow"), h -> h ? "hold" : "follow");

  private TrustConfig() {}

  static <T> Kind<T> oneOf(T[] values, Function<T, String> id) {
    List<String> ids = Arrays.stream(values).map(id).toList();
    String name = String.join(", ", ids.subList(0, ids.size() - 1)) + " or " + ids.getLast();
    return new Kind<>(
        name,
        text ->
            Arrays.stream(values)
                .filter(value -> id.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown")),
        id);
  }

  private static boolean either(String text, String yes, String no) {
    if (!text.equals(yes) && !text.equals(no)) {
      throw new IllegalArgumentException("unknown");
    }
    return text.equals(yes);
  }

  private static String id(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  /** Reads the section {@code trust}. Key files are read now, and only now. */
  static TrustPolicy read(ConfigReader in) {
    Mode otherwise =
        in.value(
            "default",
            "what happens to images that no rule matches: require refuses them, warn lets them in and"
                + " says so, off lets them in",
            Mode.WARN,
            MODE,
            List.of());
    List<ConfigReader> items = in.list("rules");
    List<TrustRule> rules = new ArrayList<>();
    for (ConfigReader item : items) {
      rule(item, rules).ifPresent(rules::add);
    }
    if (otherwise == Mode.REQUIRE && items.isEmpty()) {
      in.problem(
          "default",
          "require without a rule would let no image in; add trust.rules with a match and a key in"
              + " any-of, or set warn");
    }
    return new TrustPolicy(
        otherwise,
        rules,
        Set.copyOf(
            in.values(
                "revoked",
                "keys that count nowhere any more, by SHA-256 of their DER; what they alone signed is"
                    + " not served any more",
                List.of(),
                FINGERPRINT)),
        rollback(in.section("rollback")),
        limits(in.section("limits")));
  }

  private static RollbackRule rollback(ConfigReader in) {
    return new RollbackRule(
        in.value(
            "policy",
            "what happens when a tag goes back to what was replaced: hold keeps the newer until a"
                + " person says otherwise",
            RollbackRule.DEFAULT.hold(),
            HOLD,
            List.of()),
        in.duration(
            "slack",
            "how much older than the head's a signature may be without counting as going back",
            RollbackRule.DEFAULT.slack()));
  }

  private static TrustPolicy.Limits limits(ConfigReader in) {
    return new TrustPolicy.Limits(
        in.integer(
            "signatures",
            "signatures of one image that are looked at",
            TrustPolicy.Limits.DEFAULT.signatures(),
            Check.atLeast(1),
            Check.atMost(256)),
        in.integer(
            "bytes",
            "the largest signature document that is read, in bytes",
            TrustPolicy.Limits.DEFAULT.bytes(),
            Check.atLeast(1 << 10),
            Check.atMost(TrustPolicy.Limits.DEFAULT.bytes())));
  }

  private static Optional<TrustRule> rule(ConfigReader in, List<TrustRule> before) {
    Optional<ImagePattern> match =
        in.required(
            "match", "the images that the rule is for; the first rule that fits counts", PATTERN);
    boolean deny = in.bool("deny", "whether these images are never let in", false);
    Mode mode =
        in.value(
            "mode",
            "what happens without a valid signature: require refuses the image, warn lets it in and"
                + " says so, off does not look",
            Mode.REQUIRE,
            MODE,
            List.of());
    TrustRule.Subject subject =
        in.value(
            "subject",
            "what must be signed: the index that the tag names, or the image of each platform",
            TrustRule.Subject.INDEX,
            SUBJECT,
            List.of());
    List<Format> formats =
        in.values(
            "formats",
            "the forms of signature that count",
            List.of(Format.BUNDLE_V03, Format.LEGACY_TAG),
            FORMAT);
    List<ConfigReader> members = in.list("any-of");
    List<Signer> signers =
        members.stream().flatMap(member -> SignerConfig.read(member).stream()).toList();
    Optional<Duration> maxAge =
        in.optional(
            "max-age",
            "how old a signature may be; an older one is held, and what runs keeps running",
            Kind.DURATION);
    if (mode == Mode.REQUIRE && !deny && members.isEmpty()) {
      in.problem(
          "match",
          "the rule asks for a signature and names nobody who may sign; add any-of with a key, or set"
              + " mode: warn or deny: true");
    }
    if (formats.isEmpty()) {
      in.problem("formats", "lists none, so no signature could count");
    }
    if (before.stream().anyMatch(rule -> rule.match().toString().equals("*"))) {
      in.problem("match", "is never reached: an earlier rule is for *");
    }
    return match.map(images ->
        new TrustRule(images, deny, mode, subject, formats, signers, maxAge.orElse(null)));
  }
}
