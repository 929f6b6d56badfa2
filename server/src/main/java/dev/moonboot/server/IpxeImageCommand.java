package dev.moonboot.server;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.iso.IpxeIso;
import dev.moonboot.files.Disk;
import dev.moonboot.firmware.AutoexecScript;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moonboot ipxe-image}: what a machine boots that cannot find us by its network. */
@Command(
    name = "ipxe-image",
    description = {
      "Make a small boot image with iPXE that goes on at this appliance.",
      "It is for machines that no DHCP offer reaches: as a CD in a virtual drive (Proxmox, BMCs),"
          + " or written to a USB stick. One image is for all nodes and for every version.",
      "iPXE is taken from this machine: Debian's package ipxe has it for BIOS, and from Debian 13 on"
          + " for UEFI too. Needs xorriso and mtools."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot ipxe-image --url http://10.0.1.5:8080",
      "  dd if=moonboot-ipxe.iso of=/dev/sdX bs=1M conv=fsync   (to a USB stick)"
    })
final class IpxeImageCommand implements Callable<Integer> {
  private static final String NAME = "moonboot-ipxe.iso";
  private static final int LAST_PORT = 65_535;

  private static final Pattern URL =
      Pattern.compile(
          "(?i)https?://(\\[[0-9a-f:]{2,39}]|[a-z0-9][a-z0-9.-]{0,252})(?::([0-9]{1,5}))?"
              + "((?:/[A-Za-z0-9._~-]+)*)/*");

  @Option(
      names = "--url",
      paramLabel = "URL",
      required = true,
      description = "Where machines reach moonboot: http://10.0.1.5:8080.")
  private @Nullable String url;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = NAME,
      description = "The image; ${DEFAULT-VALUE} by default. What is there is replaced.")
  private Path file = Path.of(NAME);

  @Option(
      names = "--ipxe",
      paramLabel = "DIR",
      defaultValue = "/usr/lib/ipxe",
      description = {
        "Where iPXE is: ipxe.iso and ipxe.lkrn for BIOS, ipxe-amd64.efi (or ipxe.efi) and"
            + " ipxe-arm64.efi for UEFI; ${DEFAULT-VALUE} by default."
      })
  private Path binaries = Path.of("/usr/lib/ipxe");

  @Option(names = "--json", description = "Say as JSON what was made.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    String server = checked(context, context.given(url, "--url"));
    Path out = file.toAbsolutePath();
    try {
      IpxeIso.Made made = write(server, out);
      if (json) {
        context.out().print(json(server, out, made).pretty());
      } else {
        context.out().printf("%s: %d bytes%n", file, Files.size(out));
        context.out().printf("  sha256  %s%n", Digest.ofFile(out).hex());
        context.out().printf("  boots   %s%n", String.join(", ", made.boots()));
        made.leftOut().forEach(left -> context.out().printf("  not     %s%n", left));
      }
      context.out().flush();
      return ExitCode.OK;
    } catch (IOException e) {
      context.err().println("moonboot: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }

  private static String checked(CommandContext context, String given) {
    Matcher parts = URL.matcher(given);
    if (!parts.matches() || !isPort(parts.group(2))) {
      throw context.wrongUsage(
          "--url \"%s\" is no URL that iPXE could go on at: write it like http://10.0.1.5:8080"
              .formatted(given));
    }
    String host = String.valueOf(parts.group(1));
    if (isOurselves(host)) {
      throw context.wrongUsage(
          "--url %s would be the machine that boots: write moonboot's address in its network"
              .formatted(given));
    }
    return given.replaceFirst("/+$", "");
  }

  private static boolean isPort(@Nullable String digits) {
    return digits == null || (!digits.matches("0+") && Integer.parseInt(digits) <= LAST_PORT);
  }

  private static boolean isOurselves(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      InetAddress address = InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", ""));
      return address.isLoopbackAddress() || address.isAnyLocalAddress();
    } catch (IllegalArgumentException e) {
      return false; // a name, which the machine looks up
    }
  }

  private IpxeIso.Made write(String server, Path out) throws IOException {
    Path parent = out.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException(parent + " is no folder; make it, or name another file with --out");
    } else if (Files.isDirectory(out)) {
      throw new IOException(
          "%s is a folder; name a file in it: --out %s".formatted(out, out.resolve(NAME)));
    }
    try {
      return writeIn(parent, server, out);
    } catch (IOException e) {
      throw told(out, e);
    }
  }

  private IpxeIso.Made writeIn(Path parent, String server, Path out) throws IOException {
    Path scratch = Files.createTempDirectory(parent, ".ipxe-image-");
    var stopped = new Thread(() -> Disk.tryDelete(scratch), "stop-ipxe-image"); // Ctrl-C
    Runtime.getRuntime().addShutdownHook(stopped);
    try {
      Path image = scratch.resolve("image");
      IpxeIso.Made made = IpxeIso.write(binaries, AutoexecScript.of(server, null), image, scratch);
      Files.move(image, out, StandardCopyOption.ATOMIC_MOVE);
      return made;
    } finally {
      Disk.tryDelete(scratch);
      unhook(stopped);
    }
  }

  private static void unhook(Thread stopped) {
    try {
      Runtime.getRuntime().removeShutdownHook(stopped);
    } catch (IllegalStateException e) {
      // the process is ending, and it runs
    }
  }

  /** A file system says either the file or what is wrong with it, never both. */
  private static IOException told(Path out, IOException e) {
    return new IOException(
        e instanceof FileSystemException
            ? "%s cannot be made: %s; name a file in a folder of yours with --out".formatted(out, e)
            : "%s cannot be made: %s".formatted(out, e.getMessage()),
        e);
  }

  private static Json json(String server, Path out, IpxeIso.Made made) throws IOException {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("file", new Json.Str(out.toString()));
    members.put("size", Json.Num.of(Files.size(out)));
    members.put("sha256", new Json.Str(Digest.ofFile(out).hex()));
    members.put("url", new Json.Str(server));
    members.put("boots", texts(made.boots()));
    members.put("leftOut", texts(made.leftOut()));
    return new Json.Obj(members);
  }

  private static Json texts(List<String> texts) {
    return new Json.Arr(texts.stream().<Json>map(Json.Str::new).toList());
  }
}
