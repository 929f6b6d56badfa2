package dev.moonboot.diagnosis;

import java.util.ArrayList;
import java.util.List;

/** Whether nodes really get what they are told to load: by TFTP and by HTTP. */
final class FilesCheck implements Check {
  private static final String SCRIPT = "/boot.ipxe";

  private final Configured service;
  private final List<Loader> loaders;
  private final Asking asking;

  FilesCheck(Configured service, List<Loader> loaders, Asking asking) {
    this.service = service;
    this.loaders = loaders;
    this.asking = asking;
  }

  @Override
  public List<Finding> look() {
    List<Finding> found = new ArrayList<>();
    for (Loader loader : loaders) {
      found.add(
          loader.missing().isEmpty()
              ? Finding.ok("loader " + loader.platform(), loader.name() + " is there")
              : Finding.warn("loader " + loader.platform(), "is missing", loader.missing()));
    }
    if (!asking.boots()) {
      return found;
    }
    found.add(script());
    loaders.stream()
        .filter(loader -> loader.missing().isEmpty())
        .forEach(loader -> {
          if (service.tftp() != null) {
            found.add(byTftp(loader));
          }
          found.add(byHttp(loader));
        });
    return found;
  }

  private Finding script() {
    String what = "http " + SCRIPT;
    return switch (asking.http().get(service.bootUrl() + SCRIPT)) {
      case HttpProbe.Answer.Got got when got.isGood() && got.text().startsWith("#!ipxe") ->
          Finding.ok(what, "is a script of " + got.text().length() + " bytes");
      case HttpProbe.Answer.Got got ->
          Finding.fail(
              what,
              "answers " + got.status(),
              "is that moonboot? see who listens at http.address above");
      case HttpProbe.Answer.Nothing(var why) ->
          Finding.fail(what, "does not answer: " + why, "is a firewall in between?");
    };
  }

  private Finding byTftp(Loader loader) {
    String what = "tftp " + loader.name();
    return switch (asking.tftp().ask(loader.name())) {
      case TftpProbe.Answer.Found(var size, var block) ->
          block == 0
              ? Finding.fail(what, "is empty", "install it anew: firmware would say 0 Bytes")
              : Finding.ok(what, "is served, " + size + " bytes");
      case TftpProbe.Answer.Refused(var code, var text) ->
          Finding.fail(what, "error %d, %s".formatted(code, text), advice(loader));
      case TftpProbe.Answer.Nothing(var why) ->
          Finding.fail(
              what,
              why,
              "tftp.allowed-nets without 127.0.0.0/8, a firewall, or another TFTP server?");
    };
  }

  private Finding byHttp(Loader loader) {
    String what = "http /boot/" + loader.name();
    return switch (asking.http().head(service.bootUrl() + "/boot/" + loader.name())) {
      case HttpProbe.Answer.Got got when got.isGood() ->
          Finding.ok(what, "is served, " + got.size() + " bytes");
      case HttpProbe.Answer.Got got ->
          Finding.fail(what, "answers " + got.status(), advice(loader));
      case HttpProbe.Answer.Nothing(var why) ->
          Finding.fail(what, "does not answer: " + why, "is a firewall in between?");
    };
  }

  private static String advice(Loader loader) {
    return "no " + loader.platform() + " machine gets further; see loaders.folder, loaders.channel";
  }
}
