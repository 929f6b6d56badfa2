package dev.moonboot.server;

import static dev.moonboot.server.TerraformFolder.found;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.Configuration;
import dev.moonboot.ec2.ServerUrl;
import dev.moonboot.ec2.UserData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What can be said of {@code deploy/ec2} without Terraform and without an account. */
class Ec2DeployFilesTest {
  private static final Path FOLDER = Path.of("../deploy/ec2");
  private static final TerraformFolder TERRAFORM = new TerraformFolder(FOLDER);
  private static final Path PROFILES = Path.of("../profiles/ec2-arm64");

  @Test
  void every_bracket_is_closed() throws IOException {
    TERRAFORM.assertEveryBracketIsClosed();
  }

  @Test
  void every_variable_is_described_and_used_and_every_used_one_is_there() throws IOException {
    TERRAFORM.assertEveryVariableIsDescribedAndUsedAndEveryUsedOneIsThere();
    assertEquals(
        Set.of("server", "instances"),
        found("output \"(\\w+)\" \\{\\n\\s*description\\s*= \"[^\"]+\"", TERRAFORM.code()));
  }

  @Test
  void every_resource_that_is_referred_to_is_there() throws IOException {
    String code = TERRAFORM.code();
    Set<String> declared =
        Pattern.compile("resource \"(\\w+)\" \"(\\w+)\"")
            .matcher(code)
            .results()
            .map(found -> found.group(1) + "." + found.group(2))
            .collect(toSet());
    Set<String> used = found("\\b(aws_\\w+\\.\\w+)", code);
    assertTrue(declared.containsAll(used), used + " of " + declared);
    assertEquals(Set.of("port"), found("\\blocal\\.(\\w+)", code));
  }

  @Test
  void only_tcp_comes_in_and_from_nobody_in_particular() throws IOException {
    String code = TERRAFORM.code();
    assertEquals(Set.of("tcp"), found("ip_protocol\\s*=\\s*\"([^\"]*)\"", code));
    assertFalse(code.toLowerCase(Locale.ROOT).contains("udp"));
    List<String> ingress =
        Pattern.compile("resource \"aws_vpc_security_group_ingress_rule\" .*?\\n}", Pattern.DOTALL)
            .matcher(code)
            .results()
            .map(MatchResult::group)
            .toList();
    assertEquals(3, ingress.size());
    for (String rule : ingress) {
      assertFalse(rule.contains("/0\""), rule);
      assertTrue(
          rule.contains("referenced_security_group_id") || rule.contains("toset(var.admin_cidrs)"),
          rule);
    }
    assertFalse(code.contains("ingress {"), "rules stand by themselves, where this test sees them");
    assertTrue(
        code.contains(
            "condition     = alltrue([for cidr in var.admin_cidrs : !endswith(cidr, \"/0\")])"));
  }

  @Test
  void imds_needs_tokens_and_one_hop() throws IOException {
    String code = TERRAFORM.code();
    assertEquals(Set.of("\"required\"", "var.imds_tokens"), found("http_tokens\\s*= (\\S+)", code));
    assertEquals(Set.of("1"), found("http_put_response_hop_limit\\s*= (\\S+)", code));
    assertTrue(code.contains("default     = \"required\""));
  }

  @Test
  void nodes_get_what_the_command_prints() throws IOException {
    String url = "http://10.0.1.5:8080";
    String template = Files.readString(FOLDER.resolve("files/user-data.ipxe.tftpl"));
    assertFalse(template.replace("$${", "").replace("${server}", "").contains("${"));
    assertFalse(template.contains("%{"), "another of Terraform's templates");
    assertEquals(
        new UserData(ServerUrl.of(url, true), Optional.empty(), UserData.CONSOLE).script(),
        template.replace("$${", "\0{").replace("${server}", url).replace("\0{", "${"));
    assertTrue(
        TERRAFORM
            .code()
            .contains("server = \"http://${aws_instance.bastion.private_ip}:${local.port}\""));
  }

  /** The template as Terraform fills it in, in so far as it is used here. */
  private static String cloudConfig() throws IOException {
    String template = Files.readString(FOLDER.resolve("files/bastion.yaml.tftpl"));
    var loop =
        Pattern.compile(
                "%\\{ for path, content in data ~}\\n(.*?)%\\{ endfor ~}\\n", Pattern.DOTALL)
            .matcher(template);
    assertTrue(loop.find());
    String body = loop.group(1);
    StringBuilder files = new StringBuilder();
    try (Stream<Path> all = Files.walk(PROFILES, 2)) {
      all.filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .forEach(file ->
              files.append(
                  body.replace("${path}", PROFILES.relativize(file).toString())
                      .replace(
                          "${content}",
                          Base64.getEncoder()
                              .encodeToString(TerraformFolder.read(file).getBytes(UTF_8)))));
    }
    return loop.replaceFirst(Matcher.quoteReplacement(files.toString()))
        .replace("${talos_image}", "ghcr.io/acme/talos:demo")
        .replace("${moonboot_image}", "registry.example/moonboot:1")
        .replace("${port}", "8080");
  }

  @Test
  void the_bastions_cloud_config_is_yaml_and_its_configuration_is_one(@TempDir Path folder)
      throws IOException {
    String text = cloudConfig();
    assertFalse(text.contains("${"), text);
    assertTrue(text.startsWith("#cloud-config\n"));
    var load = new Load(LoadSettings.builder().build());
    Map<?, ?> cloud = (Map<?, ?>) load.loadFromString(text);
    List<?> files = requireNonNull((List<?>) cloud.get("write_files"));
    Map<?, ?> first = (Map<?, ?>) files.getFirst();
    assertEquals("/etc/moonboot/moonboot.yaml", first.get("path"));
    Path config = folder.resolve("moonboot.yaml");
    Files.writeString(config, String.valueOf(first.get("content")));
    ApplianceConfig read = Configuration.load(config, Map.of(), ApplianceConfig::read).value();
    assertEquals(8080, read.http().bind().getPort());
    assertEquals(null, read.tftp());
    assertEquals(
        List.of("custom"), read.channels().channels().stream().map(c -> c.name()).toList());
    assertTrue(text.contains("/var/lib/moonboot-data/groups/ec2-arm64.json"), text);
    assertTrue(text.length() < UserData.MOST_BYTES, "EC2 takes no more: " + text.length());
  }
}
