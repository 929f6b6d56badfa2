package dev.moonboot.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code moonboot admin explain}. */
@Command(
    name = "explain",
    description = "Say what a node would be told, and why, without being a boot.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot admin explain --mac 52:54:00:a1:9c:ae --arch arm64",
      "  moonboot admin explain --mac 52:54:00:a1:9c:ae --label serial=XY123"
    })
final class ExplainCommand extends AdminCall {
  @Option(names = "--mac", paramLabel = "ADDRESS", description = "The node's hardware address.")
  private String mac = "";

  @Option(names = "--arch", paramLabel = "ARCH", description = "amd64 or arm64.")
  private String arch = "";

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "Another label: uuid, serial, hostname ... May be repeated.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Override
  void run(AdminClient client, Printer printer) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("mac", mac);
    all.put("arch", arch);
    all.putAll(labels);
    String path = "/admin/v1/explain" + AdminClient.query(all);
    if (options.json) {
      printer.json(client.get(path));
    } else {
      printer.text(client.getText(path));
    }
  }
}
