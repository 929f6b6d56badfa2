package dev.moonboot.server;

import dev.moonboot.config.Configuration;
import dev.moonboot.diagnosis.OwnAddress;
import dev.moonboot.firmware.BaseUrls;
import dev.moonboot.snippet.BootServer;
import dev.moonboot.snippet.SiteDhcp;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moonboot dhcp-snippet}: what to put into the site's own DHCP server. */
@Command(
    name = "dhcp-snippet",
    description = {
      "Print what to put into the site's DHCP server, where machines cannot take an offer besides"
          + " its own, or where nobody may answer beside it."
    },
    mixinStandardHelpOptions = true)
final class DhcpSnippetCommand implements Callable<Integer> {
  private static final int USUAL_PORT = 8080;

  @Parameters(
      paramLabel = "SERVER",
      description = "dnsmasq, isc, kea, unifi, mikrotik (or routeros) or windows.")
  private @Nullable String server;

  @Option(
      names = "--address",
      paramLabel = "IP",
      description = "This appliance's address. Default: that of the interface.")
  private @Nullable String address;

  @Option(
      names = "--interface",
      paramLabel = "IF",
      description = "On which network nodes are. Default: that of the default route.")
  private @Nullable String link;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration (YAML), for ports and URLs. Default: port 8080.")
  private @Nullable Path config;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    String name = context.given(server, "SERVER");
    SiteDhcp kind =
        SiteDhcp.parse(name)
            .orElseThrow(() ->
                context.wrongUsage(
                    "\"%s\" is no DHCP server we know; use dnsmasq, isc, kea, unifi, mikrotik"
                            .formatted(name)
                        + " (or routeros) or windows"));
    BaseUrls urls = config == null ? new BaseUrls(List.of(), "http", USUAL_PORT) : urls(config);
    context.out().print(kind.snippet(server(context, urls)));
    context.out().flush();
    return ExitCode.OK;
  }

  private static BaseUrls urls(Path config) {
    ApplianceConfig read =
        Configuration.load(config, System.getenv(), ApplianceConfig::read).value();
    return new BaseUrls(
        read.advertise(),
        read.http().tls() == null ? "http" : "https",
        read.http().bind().getPort());
  }

  private BootServer server(CommandContext context, BaseUrls urls) {
    if (address != null) {
      return new BootServer(literal(context, address), "as given", urls);
    }
    return switch (OwnAddress.of(link)) {
      case OwnAddress.Found(var found, var from) -> new BootServer(found, from, urls);
      case OwnAddress.None(var why) -> throw context.wrongUsage(why);
    };
  }

  private static Inet4Address literal(CommandContext context, String text) {
    try {
      if (InetAddress.ofLiteral(text) instanceof Inet4Address read) { // never asks the DNS
        return read;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw context.wrongUsage("\"" + text + "\" is no address of IPv4");
  }
}
