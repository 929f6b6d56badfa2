package dev.moonboot.diagnosis;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** Asks the running service, where it runs. */
final class Asking {
  /** What the admin listener says. */
  sealed interface Told {
    /** That. */
    record Json(dev.moonboot.json.Json.Obj answer) implements Told {}

    /** Nothing that can be used. */
    record Not(String why) implements Told {}
  }

  private final Configured service;
  private final HttpProbe http;
  private final Optional<TftpProbe> tftp;

  /**
   * @param patience for one answer
   * @param token for the admin listener
   */
  Asking(Configured service, Duration patience, Optional<String> token) {
    this.service = service;
    this.http = new HttpProbe(patience, token);
    InetSocketAddress files = service.tftp();
    this.tftp =
        Optional.ofNullable(files)
            .map(at ->
                new TftpProbe(
                    new InetSocketAddress(Configured.reachable(at), at.getPort()), patience));
  }

  HttpProbe http() {
    return http;
  }

  TftpProbe tftp() {
    return tftp.orElseThrow();
  }

  /** Whether something answers as moonboot's boot listener does. */
  boolean boots() {
    return http.get(service.bootUrl() + "/livez") instanceof HttpProbe.Answer.Got got
        && (got.status() == 200 || got.status() == 503);
  }

  /** What is at a path of the admin listener. */
  Told admin(String path) {
    InetSocketAddress admin = service.admin();
    if (admin == null) {
      return new Told.Not("the admin listener is off (admin.enabled)");
    }
    return switch (http.getAdmin(Configured.url(service.adminTls(), admin) + path)) {
      case HttpProbe.Answer.Got got when got.status() == 401 || got.status() == 403 ->
          new Told.Not("the admin listener wants a token: set MOONBOOT_ADMIN_TOKEN_FILE");
      case HttpProbe.Answer.Got got -> json(got);
      case HttpProbe.Answer.Nothing(var why) ->
          new Told.Not("the admin listener does not answer: " + why);
    };
  }

  private static Told json(HttpProbe.Answer.Got got) {
    try {
      if (JsonText.parse(got.text()) instanceof Json.Obj answer && got.status() < 400) {
        return new Told.Json(answer);
      }
    } catch (JsonException e) {
      // told below
    }
    return new Told.Not("the admin listener answers " + got.status());
  }
}
