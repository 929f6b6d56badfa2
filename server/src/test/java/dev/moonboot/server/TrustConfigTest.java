package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.assets.verify.AdmissionPolicy.RollbackRule;
import dev.moonboot.assets.verify.SignatureAlgorithm;
import dev.moonboot.assets.verify.Signer;
import dev.moonboot.assets.verify.TrustPolicy;
import dev.moonboot.assets.verify.TrustRule;
import dev.moonboot.config.ConfigException;
import dev.moonboot.config.Configuration;
import dev.moonboot.testing.CosignFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustConfigTest {
  @TempDir Path folder;

  private TrustPolicy read(String yaml) throws IOException {
    return read(yaml, Map.of());
  }

  private TrustPolicy read(String yaml, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("policy.yaml"), yaml);
    return Configuration.load(file, environment, in -> TrustConfig.read(in.section("trust")))
        .value();
  }

  private List<String> problems(String yaml) {
    return assertThrows(ConfigException.class, () -> read(yaml)).problems().stream()
        .map(problem -> problem.replace(folder + "/policy.yaml:", ""))
        .toList();
  }

  @Test
  void without_a_word_everything_is_let_in_with_a_warning() throws IOException {
    assertEquals(TrustPolicy.NONE, read("{}"));
  }

  @Test
  void a_rule_is_told_with_the_fingerprints_of_its_keys() throws IOException {
    var signer = CosignFixture.p256();
    signer.writePublicKey(folder.resolve("release.pub"));
    TrustPolicy policy =
        read(
            """
            trust:
              default: off
              rules:
                - match: ghcr.io/acme/*
                  any-of: [{key: {file: release.pub}}]
                - match: "*"
                  deny: true
            """);
    String line = TrustLog.line(policy.rules().getFirst());
    assertTrue(line.startsWith("ghcr.io/acme/*: require a signature by key "), line);
    assertTrue(line.contains(signer.fingerprint().toString()), line);
    assertEquals("*: deny", TrustLog.line(policy.rules().getLast()));
  }

  @Test
  void a_whole_policy_is_read() throws IOException {
    var signer = CosignFixture.p256();
    var next = CosignFixture.ed25519();
    signer.writePublicKey(folder.resolve("release.pub"));
    next.writePublicKey(folder.resolve("next.pub"));
    Digest fingerprint = CosignFixture.p256().fingerprint();
    TrustPolicy policy =
        read(
            """
            trust:
              default: off
              rules:
                - match: ghcr.io/acme/*
                  subject: platform
                  formats: [legacy-tag]
                  any-of:
                    - key: {file: release.pub}
                    - key:
                        file: next.pub
                        algorithms: [ed25519]
                  max-age: 90d
                - match: "*"
                  deny: true
              revoked: ["%s"]
              rollback: {policy: follow, slack: 2h}
              limits: {signatures: 8, bytes: 4096}
            """
                .formatted(fingerprint));
    assertEquals(Mode.OFF, policy.otherwise());
    assertEquals(Set.of(fingerprint), policy.revoked());
    assertEquals(new RollbackRule(false, Duration.ofHours(2)), policy.rollback());
    assertEquals(new TrustPolicy.Limits(8, 4096), policy.limits());
    TrustRule rule = policy.rules().getFirst();
    assertEquals("ghcr.io/acme/*", rule.match().toString());
    assertEquals(Mode.REQUIRE, rule.mode());
    assertEquals(TrustRule.Subject.PLATFORM, rule.subject());
    assertEquals(List.of(Format.LEGACY_TAG), rule.formats());
    assertEquals(Duration.ofDays(90), rule.maxAge());
    Signer.Key first = assertInstanceOf(Signer.Key.class, rule.anyOf().getFirst());
    assertEquals(signer.fingerprint(), first.key().fingerprint());
    assertEquals(Set.of(SignatureAlgorithm.ECDSA_P256_SHA256), first.key().algorithms());
    Signer.Key second = assertInstanceOf(Signer.Key.class, rule.anyOf().getLast());
    assertEquals(Set.of(SignatureAlgorithm.ED25519), second.key().algorithms());
    assertEquals(true, policy.rules().getLast().deny());
  }

  @Test
  void a_policy_that_could_let_nothing_in_is_an_error_that_says_what_to_do() {
    assertEquals(
        List.of(
            "1:9: trust.default: require without a rule would let no image in; add trust.rules with"
                + " a match and a key in any-of, or set warn"),
        problems("trust: {default: require}\n"));
    assertEquals(
        List.of(
            "3:7: trust.rules[0].match: the rule asks for a signature and names nobody who may sign;"
                + " add any-of with a key, or set mode: warn or deny: true"),
        problems("trust:\n  rules:\n    - match: ghcr.io/acme/*\n"));
  }

  @Test
  void all_that_is_wrong_with_rules_is_told_together() {
    assertEquals(
        List.of(
            "3:7: trust.rules[0].match: \"a b\" is not a repository such as ghcr.io/acme/talos,"
                + " ghcr.io/acme/* or * (no pattern of printable characters without blanks)",
            "5:17: trust.rules[0].any-of[0].key.file: "
                + folder
                + "/missing.pub: there is no such file",
            "6:11: trust.rules[0].any-of[1].key: an item of any-of is either a key with a file, or"
                + " keyless",
            "7:7: trust.rules[1].match: must be set: the images that the rule is for; the first rule"
                + " that fits counts",
            "7:7: unknown key trust.rules.1.mach; did you mean trust.rules.1.match?"),
        problems(
            """
            trust:
              rules:
                - match: a b
                  any-of:
                    - key: {file: missing.pub}
                    - key: {algorithms: [ed25519]}
                - mach: x
                  deny: true
            """));
  }

  @Test
  void rules_that_are_no_list_or_empty_are_refused() {
    assertEquals(
        List.of(
            "1:9: trust.rules: expects a list of keys with values; begin each of its items with a"
                + " hyphen"),
        problems("trust: {rules: {match: x}}\n"));
    assertEquals(
        List.of("1:17: an item of trust.rules is empty"), problems("trust: {rules: [{}]}\n"));
  }

  @Test
  void a_rule_behind_one_for_everything_is_refused() {
    assertEquals(
        List.of("4:7: trust.rules[1].match: is never reached: an earlier rule is for *"),
        problems(
            """
            trust:
              rules:
                - {match: "*", deny: true}
                - match: ghcr.io/acme/*
                  mode: off
            """));
  }

  @Test
  void a_keyless_signer_needs_a_part_that_is_not_here() {
    assertEquals(
        List.of(
            "6:11: trust.rules[0].any-of[0].keyless: this moonboot was built without what checks"
                + " keyless signatures (sigstore-java): build it with mvn -Pkeyless package, or let a"
                + " key sign"),
        problems(
            """
            trust:
              rules:
                - match: ghcr.io/acme/*
                  any-of:
                    -
                      keyless:
                        issuer: https://token.actions.githubusercontent.com
                        san: https://github.com/acme/talos/.github/workflows/build.yml@refs/heads/main
                        trusted-root: trusted_root.json
            """));
  }

  @Test
  void no_variable_changes_a_rule() throws IOException {
    assertEquals(Mode.OFF, read("{}", Map.of("MOONBOOT_TRUST_DEFAULT", "off")).otherwise());
    assertThrows(
        ConfigException.class, () -> read("{}", Map.of("MOONBOOT_TRUST_RULES_MATCH", "*")));
    assertThrows(
        ConfigException.class, () -> read("{}", Map.of("MOONBOOT_TRUST_RULES_0_DENY", "false")));
  }
}
