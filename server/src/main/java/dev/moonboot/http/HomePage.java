package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/**
 * {@code /}: matchbox's one word for probes and programs, a page for who comes with a browser. The
 * page holds nothing that differs from one appliance to another but how well it is.
 */
final class HomePage {
  private static final String STYLE =
      """
      body { font: 1rem/1.5 sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
      td { padding: .1rem 1rem .1rem 0; vertical-align: top }
      """;

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src '"
              + hash(STYLE)
              + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Referrer-Policy",
          "no-referrer");

  private HomePage() {}

  static Reply answer(Request request, Health health) {
    boolean browser =
        request.header("Accept").filter(types -> types.contains("text/html")).isPresent();
    Reply reply =
        browser
            ? Reply.typed(200, "text/html; charset=utf-8", page(health)).with(HEADERS)
            : Reply.text(200, "matchbox\n");
    return reply.with("Cache-Control", "no-store").with("Vary", "Accept");
  }

  private static String page(Health health) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>moonboot</title>
    <style>%s</style>
    </head>
    <body>
    <h1>moonboot</h1>
    <p>This is a network boot service. Machines ask here how to boot, and fetch what they boot.
    It is %s, and %s to boot machines.</p>
    <table>
    <tr><td><a href="/boot.ipxe">/boot.ipxe</a><td>where iPXE begins: it asks again with the labels of its machine
    <tr><td>/ipxe, /grub<td>the script for a machine: /ipxe?mac=52-54-00-12-34-56&amp;arch=arm64
    <tr><td>/metadata, /generic, /cloud, /ignition<td>the configuration of a machine, by the same labels
    <tr><td>/assets/<td>kernels, initramfs and other files
    <tr><td><a href="/livez">/livez</a>, <a href="/readyz">/readyz</a><td>health, for probes
    </table>
    <p>A machine that gets 404 is told why in the header <code>Moonboot-Reason</code>, and the log has it with the
    address of the machine. How all this is set up stands in docs/getting-started.md, every endpoint in
    docs/http-api.md, and what comes from matchbox in docs/matchbox-compat.md of the moonboot project.</p>
    <p>To see what a machine would be told, and why: <code>moonboot admin explain mac=52-54-00-12-34-56</code></p>
    </body>
    </html>
    """
        .formatted(
            STYLE,
            Health.isWell(health.live()) ? "running" : "not well",
            Health.isWell(health.ready()) ? "ready" : "not ready");
  }

  /** As a Content-Security-Policy names an inline style (CSP level 3, 2.3.1). */
  private static String hash(String text) {
    byte[] digest = HexFormat.of().parseHex(Digest.of(text.getBytes(UTF_8)).hex());
    return "sha256-" + Base64.getEncoder().encodeToString(digest);
  }
}
