package dev.moonboot.server;

import static dev.moonboot.server.TerraformFolder.found;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What can be said of {@code deploy/proxmox} without Terraform and without Proxmox VE. */
class ProxmoxDeployFilesTest {
  private static final Path FOLDER = Path.of("../deploy/proxmox");
  private static final TerraformFolder TERRAFORM = new TerraformFolder(FOLDER);

  @Test
  void every_bracket_is_closed() throws IOException {
    TERRAFORM.assertEveryBracketIsClosed();
  }

  @Test
  void every_variable_is_described_and_used_and_every_used_one_is_there() throws IOException {
    TERRAFORM.assertEveryVariableIsDescribedAndUsedAndEveryUsedOneIsThere();
    assertEquals(
        Set.of("image"), found("output \"(\\w+)\" \\{\\n\\s*description\\s*= ", TERRAFORM.code()));
  }

  @Test
  void every_resource_that_is_referred_to_is_there() throws IOException {
    String code = TERRAFORM.code();
    assertEquals(
        Set.of("proxmox_virtual_environment_download_file", "proxmox_virtual_environment_vm"),
        found("resource \"(\\w+)\"", code));
    assertEquals(
        Set.of("proxmox_virtual_environment_download_file.boot"),
        found("(?<!\")\\b(proxmox_\\w+\\.\\w+)", code));
  }

  @Test
  void the_image_is_fetched_by_url_and_held_against_its_checksum() throws IOException {
    Matcher resource =
        Pattern.compile(
                "resource \"proxmox_virtual_environment_download_file\" \"boot\" \\{(.*?)\\n}",
                Pattern.DOTALL)
            .matcher(TERRAFORM.code());
    assertTrue(resource.find());
    String[] wanted = {
      "content_type = \"iso\"",
      "url = var.image_url",
      "checksum = var.image_sha256",
      "checksum_algorithm = \"sha256\""
    };
    String body = resource.group(1).replaceAll(" +", " ");
    for (String line : wanted) {
      assertTrue(body.contains("\n " + line + "\n"), line + " in" + body);
    }
    assertTrue(
        TERRAFORM.code().contains("file_id   = proxmox_virtual_environment_download_file.boot.id"));
  }

  @Test
  void nothing_secret_stands_in_a_file() throws IOException {
    assertEquals(Set.of(), found("(?i)(password|api_token|secret)\\s*=", TERRAFORM.code()));
  }

  /** The boot drive has to be one that the machine has: q35 has no other IDE drives. */
  @Test
  void the_cd_is_where_the_machine_type_has_one_and_is_booted_after_the_disk() throws IOException {
    String code = TERRAFORM.code().replaceAll(" +", " ");
    assertTrue(code.contains("machine = \"q35\""));
    assertTrue(code.contains("interface = \"ide2\""));
    assertTrue(code.contains("boot_order = [\"scsi0\", \"ide2\"]"));
  }

  @Test
  void readme_names_what_there_is() throws IOException {
    String readme = Files.readString(FOLDER.resolve("README.md"));
    assertTrue(readme.contains("/" + AssetName.ISO.flatName(Arch.AMD64) + ".sha256"));
    assertTrue(readme.contains("moonboot ipxe-image --url http://10.0.1.5:8080"));
    Set<String> declared = found("variable \"(\\w+)\"", TERRAFORM.code());
    Set<String> given = found("(?m)^(\\w+) += ", readme);
    assertTrue(declared.containsAll(given), given + " of " + declared);
    Set<String> needed =
        found(
            "variable \"(\\w+)\" \\{\\n[^}]*?type\\s*= [a-z()]+\\n(?!\\s*default)",
            TERRAFORM.code());
    assertEquals(needed, given);
  }
}
