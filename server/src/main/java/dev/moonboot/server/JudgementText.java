package dev.moonboot.server;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.verify.Finding;
import dev.moonboot.assets.verify.Judgement;
import dev.moonboot.assets.verify.TrustRule;
import dev.moonboot.assets.verify.Verdict;
import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a policy came to its verdict, step by step: for people, and as JSON for programs. */
final class JudgementText {
  private JudgementText() {}

  static List<String> lines(ImageReference image, Judgement judgement) {
    List<String> lines = new ArrayList<>();
    lines.add("image      " + image);
    lines.add("digest     " + judgement.digest());
    lines.add("rule       " + rule(judgement));
    judgement.subjects().forEach(subject -> lines.add("to cover   " + subject));
    for (Finding finding : judgement.findings()) {
      lines.add("signature  %s (%s)".formatted(finding.place(), TrustRule.id(finding.format())));
      lines.add("           " + (finding.good() ? "good: " : "does not count: ") + finding.text());
    }
    if (judgement.findings().isEmpty() && !judgement.subjects().isEmpty()) {
      lines.add("signature  none found");
    }
    if (judgement.cut()) {
      lines.add("           there are more, which are not looked at (trust.limits)");
    }
    lines.add("outcome    " + outcome(judgement.verdict()));
    return lines;
  }

  private static String rule(Judgement judgement) {
    TrustRule rule = judgement.rule();
    String mode = id(judgement.mode());
    if (rule == null) {
      return "none matches, so trust.default: " + mode;
    }
    if (rule.deny()) {
      return rule.match() + ", deny";
    }
    return rule.mode() == Mode.OFF
        ? rule.match() + ", " + mode
        : "%s, %s, signature of the %s by %s"
            .formatted(rule.match(), mode, rule.subject().id(), signers(rule));
  }

  private static String signers(TrustRule rule) {
    return rule.anyOf().isEmpty()
        ? "nobody"
        : rule.anyOf().stream().map(Object::toString).collect(Collectors.joining(" or "));
  }

  private static String outcome(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Admitted(var admission) when admission.warning().isEmpty() -> "admitted";
      case Verdict.Admitted(var admission) -> "admitted, with a warning: " + admission.warning();
      case Verdict.Refused(var why) -> "refused: " + why;
      case Verdict.TooOld(var why) -> "held, until it is signed again or pinned: " + why;
    };
  }

  static Json json(ImageReference image, Judgement judgement) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("image", new Json.Str(image.toString()));
    members.put("digest", new Json.Str(judgement.digest().toString()));
    TrustRule rule = judgement.rule();
    members.put("rule", rule == null ? new Json.Null() : new Json.Str(rule.match().toString()));
    members.put("mode", new Json.Str(id(judgement.mode())));
    members.put(
        "subjects",
        new Json.Arr(
            judgement.subjects().stream().<Json>map(s -> new Json.Str(s.toString())).toList()));
    members.put(
        "signatures",
        new Json.Arr(judgement.findings().stream().map(JudgementText::json).toList()));
    members.put("more", new Json.Bool(judgement.cut()));
    members.putAll(outcomeJson(judgement.verdict()));
    return new Json.Obj(members);
  }

  private static Json json(Finding finding) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("place", new Json.Str(finding.place()));
    members.put("format", new Json.Str(TrustRule.id(finding.format())));
    members.put("subject", new Json.Str(finding.subject().toString()));
    members.put("good", new Json.Bool(finding.good()));
    members.put("text", new Json.Str(finding.text()));
    return new Json.Obj(members);
  }

  private static Map<String, Json> outcomeJson(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Admitted(var admission) -> admitted(admission);
      case Verdict.Refused(var why) -> outcome("refused", why);
      case Verdict.TooOld(var why) -> outcome("held", why);
    };
  }

  private static Map<String, Json> admitted(Admission admission) {
    Map<String, Json> members = outcome("admitted", admission.warning());
    Proof proof = admission.proof();
    members.put("signer", text(proof == null ? null : proof.signer()));
    members.put(
        "signedAt",
        text(proof == null || proof.signedAt() == null ? null : proof.signedAt().toString()));
    return members;
  }

  private static Map<String, Json> outcome(String outcome, String why) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("outcome", new Json.Str(outcome));
    members.put("why", new Json.Str(why));
    return members;
  }

  private static Json text(@Nullable String text) {
    return text == null ? new Json.Null() : new Json.Str(text);
  }

  private static String id(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
