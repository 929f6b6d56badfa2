package dev.moonboot.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.testing.DocumentBlocks;
import dev.moonboot.testing.DocumentBlocks.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/builds.md, typed from its beginning to its end by somebody new to it: from zero to FRR on a
 * netbooted and then installed node.
 */
@Tag("e2e")
class BuildsDocIT {
  private static final Path DOC = Script.ROOT.resolve("docs/builds.md");
  private static final Pattern MAC = Pattern.compile("\"mac\": \"([0-9a-f:]{17})\"");

  @TempDir private Path work;

  @Test
  void from_zero_to_frr_on_a_netbooted_and_then_installed_node() throws IOException {
    try (DocumentSite site = DocumentSite.open(work)) {
      site.configure(DOC);
      List<String> blocks = DocumentBlocks.typed(DOC).stream().map(Block::commands).toList();
      for (String commands : blocks) {
        if (commands.startsWith("./moonboot serve ")) {
          site.write(DOC); // so that the node is known when it asks
          site.start(commands.strip());
        } else {
          site.type(commands);
        }
      }
      assertTrue(blocks.stream().anyMatch(block -> block.startsWith("./moonboot serve ")));
      assertTrue(Files.exists(site.folder().resolve("out/initramfs-amd64.xz")));

      List<String> netbooted = netboots(site);
      List<String> wanted =
          new ArrayList<>(Fixture.said(Arch.AMD64, "LAYER", List.of("gvisor", "ext-02")));
      assertEquals(wanted, netbooted.subList(0, wanted.size()));
      assertEquals(
          List.of("schematic"),
          netbooted.stream().skip(wanted.size()).map(line -> line.split(" ", 2)[0]).toList());
      assertEquals(netbooted, bootsFromDisk(site));
    }
  }

  /** The node of the document's group boots from the service; what it says of its layers. */
  private List<String> netboots(DocumentSite site) throws IOException {
    Matcher mac = MAC.matcher(Files.readString(site.folder().resolve("data/groups/gateway.json")));
    assertTrue(mac.find());
    Path folder = Files.createDirectory(work.resolve("netbooted"));
    return boots(
        List.of(
            Script.BOOTVM.path(),
            "bios",
            "--mac",
            mac.group(1),
            "--bootfile",
            site.network().bootUrl() + "/boot.ipxe"),
        folder);
  }

  /** The same node after its installation from the image of the document; no network is asked. */
  private List<String> bootsFromDisk(DocumentSite site) throws IOException {
    Path folder = Files.createDirectory(work.resolve("installed"));
    Path disk = Files.createDirectory(folder.resolve("disk"));
    InstalledDisk.install(site.folder().resolve("installer"), disk);
    return boots(List.of(Script.BOOTVM.path(), "uefi-amd64", "--disk", disk.toString()), folder);
  }

  private static List<String> boots(List<String> bootvm, Path folder) {
    try (VirtualMachine machine = VirtualMachine.start(bootvm, folder, List.of())) {
      machine.boots();
      return machine.said("E2E-LAYER ");
    }
  }
}
