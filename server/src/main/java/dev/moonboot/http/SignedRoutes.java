package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.openpgp.Signer;
import dev.moonboot.secret.ConfigUrls;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The twins {@code .sig} and {@code .asc} of what nodes are answered: the OpenPGP signature of the
 * body that the same query gets without that ending. There is none without a key.
 *
 * <p>Whoever asks chooses the query, and much of it may come back in the body. So that nobody gets
 * our signature under words of his own, only 200s are signed, and only for queries of plain
 * characters. With {@code matchbox.sign-anything} all is signed, as matchbox does.
 */
final class SignedRoutes {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9 ._~:@+,-]{0,128}");

  private final NodeRoutes nodes;
  private final @Nullable Signatures signatures;
  private final boolean anything;
  private final EventLog log;

  /**
   * @param signer null for no signatures
   * @param anything whether all is signed
   */
  SignedRoutes(NodeRoutes nodes, @Nullable Signer signer, boolean anything, EventLog log) {
    this.nodes = nodes;
    this.signatures = signer == null ? null : new Signatures(signer);
    this.anything = anything;
    this.log = log;
  }

  /**
   * The answer at {@code path}; nothing where there is no twin.
   *
   * @param path decoded
   */
  Optional<Reply> answer(Request request, String path) {
    boolean armored = path.endsWith(".asc");
    if (signatures == null || !(armored || path.endsWith(".sig"))) {
      return Optional.empty();
    }
    String of = path.substring(0, path.length() - ".sig".length());
    if (!NodeRoutes.isEndpoint(of)) {
      return Optional.empty();
    }
    if (!anything && !isPlain(request.query())) {
      return Optional.of(refused(request, "the query has characters that are not signed"));
    }
    Reply inner = nodes.answer(asking(request), of).orElseThrow();
    if (!anything && inner.status() != 200) {
      return Optional.of(inner);
    }
    byte[] body = bytes(inner.body());
    if (new String(body, UTF_8).contains(ConfigUrls.NO_TICKET)) {
      return Optional.of(
          refused(
              request, "the script has a one-time ticket in it, which is another one each time"));
    }
    // matchbox signs what it would send, which is nothing to HEAD
    byte[] sent = anything && request.isHead() ? new byte[0] : body;
    return Optional.of(explained(signed(signatures, inner.status(), sent, armored), inner));
  }

  private static Reply explained(Reply signed, Reply inner) {
    String why = inner.headers().get(ErrorResponses.REASON);
    return why == null ? signed : signed.with(ErrorResponses.REASON, why);
  }

  private static Reply signed(Signatures made, int status, byte[] body, boolean armored) {
    Optional<byte[]> signature = made.of(body);
    if (signature.isEmpty()) {
      return ErrorResponses.signingBusy();
    }
    return armored
        ? Reply.uncached(status, made.armored(signature.get()))
        : Reply.of(status, new Body.Bytes(signature.get()))
            .with("Content-Type", "application/octet-stream")
            .with("Cache-Control", "no-store");
  }

  /** Only what the answer would be is wanted: no boot begins by that, and no ticket is issued. */
  private Request asking(Request request) {
    Map<String, String> headers = new HashMap<>(request.headers());
    if (!anything) {
      headers.remove("range"); // a part is not what is verified
    }
    return new Request(
        "HEAD",
        request.path(),
        request.query(),
        headers,
        request.client(),
        request.port(),
        request.local(),
        request.content());
  }

  private Reply refused(Request request, String why) {
    log.info("not_signed", "client", request.client(), "target", request.target(), "why", why);
    return ErrorResponses.notFound(why);
  }

  private static byte[] bytes(Body body) {
    return switch (body) {
      case Body.Text(var text) -> text.getBytes(UTF_8);
      case Body.Bytes(var bytes) -> bytes;
      case Body.Absent _ -> new byte[0];
      case Body.Mapped _, Body.Streamed _, Body.Joined _, Body.Events _, Transfer _ ->
          throw new IllegalStateException("a node is answered from memory");
    };
  }

  /** True when every name and every value is of plain characters. */
  private static boolean isPlain(@Nullable String query) {
    if (query == null) {
      return true;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (!isPlainText(name) || !isPlainText(value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlainText(String encoded) {
    return RequestPath.decode(encoded).filter(text -> PLAIN.matcher(text).matches()).isPresent();
  }
}
