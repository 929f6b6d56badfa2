package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.cache.ImageInspection;
import dev.moonboot.assets.cache.ImageInspection.Contents;
import dev.moonboot.assets.cache.ImageInspection.Inspected;
import dev.moonboot.assets.cache.ImageInspection.Platform;
import dev.moonboot.cli.ConsoleProgress;
import dev.moonboot.cli.TextTable;
import dev.moonboot.json.Json;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moonboot inspect}. */
@Command(
    name = "inspect",
    description = "Say what an image holds: layout, versions, extensions, command line, digests.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "IMAGE",
      converter = ImageReferenceConverter.class,
      description = "registry/repo:tag, repo@digest, oci:DIR[:TAG] or oci-archive:FILE[:TAG].")
  private @Nullable ImageReference image;

  @Option(
      names = "--content",
      paramLabel = "CONTENT",
      converter = ContentConverter.class,
      description =
          "What the image holds: boot (default), loaders (iPXE), or firmware (Raspberry Pi).")
  private Content content = Content.BOOT;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean json;

  @Mixin private final RegistryOptions registry = new RegistryOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    var progress = new ConsoleProgress(context.err(), ConsoleProgress.onTerminal(), "");
    Inspected inspected;
    try {
      inspected =
          ImageInspection.inspect(
              context.given(image, "IMAGE"), content, registry.settings(), progress);
    } finally {
      progress.clear();
    }
    if (json) {
      context.out().print(json(inspected).pretty());
      context.out().flush();
    } else {
      print(inspected, context.out());
    }
    boolean usable =
        inspected.platforms().stream().anyMatch(platform -> platform.contents() != null);
    if (!usable) {
      context.err().println("moonboot: " + inspected.source() + " holds no " + wanted(content));
    }
    return usable ? ExitCode.OK : ExitCode.FAILED;
  }

  private static String wanted(Content content) {
    return switch (content) {
      case BOOT -> "boot files that will do (is it of another --content?)";
      case LOADERS -> "network boot programs that will do";
      case FIRMWARE -> "Raspberry Pi firmware that will do";
    };
  }

  private static void print(Inspected inspected, PrintWriter out) {
    out.println(inspected.source() + "  " + inspected.digest());
    for (Platform platform : inspected.platforms()) {
      out.println();
      Contents contents = platform.contents();
      if (contents == null) {
        out.println(platform.arch().id() + ": nothing of use: " + platform.problem());
      } else {
        print(platform.arch(), contents, out);
      }
      out.println("  manifest      " + platform.manifest());
      var layers = new TextTable().row("LAYER", "SIZE", "TYPE");
      platform
          .layers()
          .forEach(l -> layers.row(l.digest().toString(), TextTable.size(l.size()), l.mediaType()));
      layers.lines().forEach(out::println);
      if (contents != null) {
        var files = new TextTable().row("FILE", "SIZE", "SHA256", "FOUND IN");
        contents
            .files()
            .forEach(f ->
                files.row(
                    f.name().fileName(), TextTable.size(f.size()), f.digest().hex(), f.origin()));
        files.lines().forEach(out::println);
      }
    }
  }

  private static void print(Arch arch, Contents contents, PrintWriter out) {
    if (contents.content() == Content.BOOT) {
      out.println(
          ImageText.summary(
              arch,
              contents.layout(),
              contents.talosVersion(),
              contents.kernelRelease(),
              contents.extensions()));
      out.println("  command line  " + contents.cmdline());
    } else {
      out.println(
          ImageText.summary(arch, contents.content(), contents.layout(), contents.files().size()));
    }
    UkiLines uki = contents.uki();
    if (uki != null) {
      out.println("  UKI           " + ImageText.uki(uki));
    }
    contents.leftOut().forEach(left -> out.println("  left out      " + left));
  }

  private static Json json(Inspected inspected) {
    return object(
        "source", new Json.Str(inspected.source()),
        "digest", new Json.Str(inspected.digest().toString()),
        "platforms",
            new Json.Arr(inspected.platforms().stream().map(InspectCommand::json).toList()));
  }

  private static Json json(Platform platform) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("arch", new Json.Str(platform.arch().id()));
    members.put("manifest", new Json.Str(platform.manifest().toString()));
    members.put(
        "layers",
        new Json.Arr(
            platform.layers().stream()
                .map(layer ->
                    object(
                        "mediaType", new Json.Str(layer.mediaType()),
                        "digest", new Json.Str(layer.digest().toString()),
                        "size", Json.Num.of(layer.size())))
                .toList()));
    Contents contents = platform.contents();
    String problem = platform.problem();
    if (contents != null) {
      members.put("contents", json(contents));
    }
    if (problem != null) {
      members.put("problem", new Json.Str(problem));
    }
    return new Json.Obj(members);
  }

  private static Json json(Contents contents) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("content", new Json.Str(contents.content().id()));
    members.put("layout", new Json.Str(contents.layout()));
    members.put("talosVersion", new Json.Str(contents.talosVersion()));
    members.put("kernelRelease", new Json.Str(contents.kernelRelease()));
    members.put("extensions", texts(contents.extensions()));
    members.put("cmdline", new Json.Str(contents.cmdline()));
    UkiLines uki = contents.uki();
    if (uki != null) {
      members.put("uki", json(uki));
    }
    members.put("leftOut", texts(contents.leftOut()));
    members.put(
        "files",
        new Json.Arr(
            contents.files().stream()
                .map(file ->
                    object(
                        "name", new Json.Str(file.name().fileName()),
                        "size", Json.Num.of(file.size()),
                        "digest", new Json.Str(file.digest().toString()),
                        "origin", new Json.Str(file.origin())))
                .toList()));
    return new Json.Obj(members);
  }

  private static Json json(UkiLines uki) {
    return object(
        "stub", new Json.Str(uki.stub()),
        "cmdlines", texts(uki.base()),
        "profiles",
            new Json.Arr(
                uki.profiles().stream()
                    .map(profile ->
                        object(
                            "id",
                            new Json.Str(profile.id()),
                            "cmdlines",
                            texts(profile.cmdlines())))
                    .toList()),
        "wipes", new Json.Bool(uki.wipes()));
  }

  private static Json texts(List<String> texts) {
    return new Json.Arr(texts.stream().<Json>map(Json.Str::new).toList());
  }

  private static Json object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], (Json) namesAndValues[i + 1]);
    }
    return new Json.Obj(members);
  }
}
