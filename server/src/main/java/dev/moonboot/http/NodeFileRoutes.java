package dev.moonboot.http;

import dev.moonboot.firmware.Asker;
import dev.moonboot.firmware.NodeFile;
import dev.moonboot.firmware.NodeTree;
import dev.moonboot.journal.Asked;
import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.Missed;
import dev.moonboot.journal.Sent;
import dev.moonboot.journal.Sent.End;
import dev.moonboot.release.AssetLookup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What firmware asks for by HTTP before a script runs (UEFI specification 2.10, section 24.7):
 * exact lengths, entity tags for who goes on where it was cut off, types by which firmware goes,
 * and never a redirect.
 */
final class NodeFileRoutes {
  /** Where the folders of nodes stand. */
  static final String FOLDER = "/boot/";

  private static final String AUTOEXEC = "/autoexec.ipxe";

  /** An address or a name, and a port: nothing that could end a line or a URL. */
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

  /**
   * Who is told of what is asked for.
   *
   * @param scheme how URLs of this listener begin: {@code http://}
   */
  record Telling(String scheme, BootLog boots, EventLog log) {}

  private final NodeTree tree;
  private final ReleaseAssets releases;
  private final LooseFiles files;
  private final Telling telling;

  NodeFileRoutes(NodeTree tree, ReleaseAssets releases, LooseFiles files, Telling telling) {
    this.tree = tree;
    this.releases = releases;
    this.files = files;
    this.telling = telling;
  }

  /** iPXE asks beside whatever file it was loaded as. */
  static boolean isBesideLoader(String path) {
    return path.endsWith(AUTOEXEC);
  }

  /**
   * The answer at {@code path}; nothing where that is no name of the tree's.
   *
   * @param path decoded and clean
   */
  Optional<Reply> answer(Request request, String path) {
    return tree.find(path.substring(1), asker(request)).map(file -> reply(request, file));
  }

  private Asker asker(Request request) {
    String host = request.header("Host").filter(h -> HOST.matcher(h).matches()).orElse("");
    return new Asker(
        request.client(),
        InetAddress.ofLiteral(address(request.local())),
        telling.scheme() + (host.isEmpty() ? request.local() : host));
  }

  /** Without port and brackets. */
  private static String address(String local) {
    String host = local.substring(0, local.lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private Reply reply(Request request, NodeFile file) {
    if (request.isHead()
        && (file instanceof NodeFile.OfRelease || file instanceof NodeFile.OnDisk)) {
      probed(request);
    }
    try {
      return switch (file) {
        case NodeFile.OfRelease(var asset, var release) ->
            releases.file(request, new AssetLookup.Found(asset, release, false, request.path()));
        case NodeFile.OnDisk(var path, var type) -> files.send(request, path, type);
        case NodeFile.Text(var text, var type) -> {
          if (!request.isHead()) {
            telling
                .boots()
                .asked(new Asked(request.client(), "http", request.path(), text.length()));
          }
          yield Reply.typed(200, type, text).with("Cache-Control", "no-store");
        }
        case NodeFile.NotReady(var channel) -> {
          missed(request, "channel " + channel + " has no release yet");
          yield ErrorResponses.notReady(channel);
        }
        case NodeFile.Absent(var why) -> {
          missed(request, why);
          yield ErrorResponses.absent(why);
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** UEFI asks for the size first, and some never for the file. */
  private void probed(Request request) {
    telling
        .boots()
        .transfer(
            new Sent(request.client(), "http", request.path(), 0, 0, 0, Duration.ZERO, End.PROBED));
  }

  private void missed(Request request, String why) {
    telling.boots().missed(new Missed(request.client(), "http", request.path(), why));
    telling.log().info("not_found", "client", request.client(), "path", request.path(), "why", why);
  }
}
