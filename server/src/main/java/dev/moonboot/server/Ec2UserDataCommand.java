package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.ec2.ProfileCheck;
import dev.moonboot.ec2.ServerUrl;
import dev.moonboot.ec2.UserData;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.profile.Profile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moonboot ec2 user-data}: the script for instances of the iPXE AMI. */
@Command(
    name = "user-data",
    description = {
      "Print the user data for EC2 instances that boot the iPXE AMI.",
      "It is an iPXE script that asks moonboot for the instance's own script, with its hardware"
          + " address, instance id and type as labels. It holds no secret.",
      "Where a combination cannot work, nothing is printed but the reason."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot ec2 user-data --url http://10.0.1.5:8080 > user-data.ipxe",
      "  moonboot ec2 user-data --url http://10.0.1.5:8080 --arch arm64 \\",
      "      --data /var/lib/moonboot/data --check talos-arm64",
      "  aws ec2 run-instances --image-id AMI --user-data file://user-data.ipxe ..."
    })
final class Ec2UserDataCommand implements Callable<Integer> {
  private static final Pattern CONSOLE = Pattern.compile("[A-Za-z0-9]{1,16}(,[A-Za-z0-9]{1,16})?");

  @Option(
      names = "--url",
      paramLabel = "URL",
      required = true,
      description = "Where the instances reach moonboot: http://10.0.1.5:8080.")
  private @Nullable String url;

  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      converter = ArchConverter.class,
      description =
          "amd64 or arm64: the script then says so where it is given to an instance of the other.")
  private @Nullable Arch arch;

  @Option(
      names = "--console",
      paramLabel = "DEVICE",
      description =
          "The serial console that profiles are to name: ${DEFAULT-VALUE} where this is not given.",
      defaultValue = UserData.CONSOLE)
  private String console = UserData.CONSOLE;

  @Option(names = "--without-https", description = "The AMI's iPXE was built without HTTPS.")
  private boolean withoutHttps;

  @Option(
      names = "--check",
      paramLabel = "PROFILE",
      arity = "1..*",
      description = "Profiles that the instances are to boot: whether they can, by this script.")
  private List<String> checked = List.of();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory with those profiles; ${DEFAULT-VALUE} by default.",
      defaultValue = "/var/lib/moonboot/data")
  private Path data = DataPlace.DEFAULT;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    if (!CONSOLE.matcher(console).matches()) {
      throw context.wrongUsage("--console expects a device such as ttyS0 or ttyS0,115200n8");
    }
    List<String> problems = new ArrayList<>();
    Optional<ServerUrl> server = server(context.given(url, "--url"), problems);
    if (!checked.isEmpty()) {
      check(context, problems);
    }
    if (server.isEmpty() || !problems.isEmpty()) {
      problems.forEach(problem -> context.err().println("moonboot: " + problem));
      return ExitCode.FAILED;
    }
    if (server.get().isHttps()) {
      context
          .err()
          .println(
              "note: iPXE believes public authorities and what was built into it; a certificate of"
                  + " your own authority needs an AMI built with TRUST=");
    }
    context.out().print(new UserData(server.get(), Optional.ofNullable(arch), console).script());
    context.out().flush();
    return ExitCode.OK;
  }

  private Optional<ServerUrl> server(String given, List<String> problems) {
    try {
      return Optional.of(ServerUrl.of(given, !withoutHttps));
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void check(CommandContext context, List<String> problems) {
    Catalog catalog = new CatalogReader(data).read();
    for (String name : checked) {
      Optional<Profile> profile = catalog.profile(name);
      if (profile.isEmpty()) {
        problems.add(
            "there is no usable profile %s in %s; --data says where it is".formatted(name, data));
        continue;
      }
      ProfileCheck check = ProfileCheck.of(profile.get(), Optional.ofNullable(arch), console);
      check.problems().forEach(why -> problems.add("profile %s: %s".formatted(name, why)));
      check
          .remarks()
          .forEach(remark -> context.err().println("note: profile %s: %s".formatted(name, remark)));
    }
  }
}
