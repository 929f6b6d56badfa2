package dev.moonboot.server;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.cache.ImageVerification;
import dev.moonboot.assets.verify.Judgement;
import dev.moonboot.assets.verify.SignaturePolicy;
import dev.moonboot.assets.verify.TrustPolicy;
import dev.moonboot.assets.verify.Verdict;
import dev.moonboot.config.Configuration;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moonboot verify}. */
@Command(
    name = "verify",
    description = "Say whether the signature policy lets an image in, and why; pull nothing.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  /** Where the policy stands. */
  static final class Source {
    @Option(
        names = "--policy",
        paramLabel = "FILE",
        required = true,
        description = "A YAML file with the section trust alone.")
    private @Nullable Path policy;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        required = true,
        description = "The configuration of serve (YAML); registries are then reached as it says.")
    private @Nullable Path config;
  }

  @Parameters(
      paramLabel = "IMAGE",
      converter = ImageReferenceConverter.class,
      description = "registry/repo:tag, repo@digest, oci:DIR[:TAG] or oci-archive:FILE[:TAG].")
  private @Nullable ImageReference image;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private @Nullable Source source;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean json;

  @Mixin private final RegistryOptions registry = new RegistryOptions();

  @Spec private @Nullable CommandSpec spec;

  private record Read(TrustPolicy trust, RegistrySettings registry) {}

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    ImageReference wanted = context.given(image, "IMAGE");
    Read read = read(context.given(source, "--policy or --config"));
    Judgement judgement =
        ImageVerification.verify(wanted, SignaturePolicy.of(read.trust()), read.registry());
    if (json) {
      context.out().print(JudgementText.json(wanted, judgement).pretty());
      context.out().flush();
    } else {
      JudgementText.lines(wanted, judgement).forEach(context.out()::println);
    }
    return judgement.verdict() instanceof Verdict.Admitted ? ExitCode.OK : ExitCode.FAILED;
  }

  private Read read(Source given) {
    if (given.config != null) {
      ApplianceConfig config =
          Configuration.load(given.config, System.getenv(), ApplianceConfig::read).value();
      return new Read(config.trust(), config.registry());
    }
    TrustPolicy trust =
        Configuration.load(
                given.policy, withoutSettings(), in -> TrustConfig.read(in.section("trust")))
            .value();
    return new Read(trust, registry.settings());
  }

  /** Variables that set other keys than the policy's would be errors in a file of its own. */
  private static Map<String, String> withoutSettings() {
    return System.getenv().entrySet().stream()
        .filter(variable -> !variable.getKey().startsWith("MOONBOOT_"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
