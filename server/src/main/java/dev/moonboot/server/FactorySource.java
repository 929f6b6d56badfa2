package dev.moonboot.server;

import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.VersionLine;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.json.Json;
import dev.moonboot.yaml.Yaml;
import dev.moonboot.yaml.YamlException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the section {@code factory} of one channel: boot files from an Image Factory. */
final class FactorySource {
  static final int MAX_BYTES = 64 << 10;

  private static final URI PUBLIC = URI.create("https://factory.talos.dev");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  private static final Kind<String> VERSION =
      new Kind<>(
          "a Talos version such as v1.13.9, or v1.13.* for the newest of them",
          FactorySource::version,
          text -> text);

  private static final Kind<Output> OUTPUT =
      TrustConfig.oneOf(new Output[] {Output.UKI, Output.ISO}, Output::id);

  private static final Kind<String> SCHEMATIC =
      new Kind<>(
          "the id of a schematic (64 hexadecimal digits) or its text",
          FactorySource::schematic,
          text -> ID.matcher(text).matches() ? text : "(text)");

  private FactorySource() {}

  /** The section as what stands in an image's place; empty when a problem was noted. */
  static Optional<ImageReference> read(ConfigReader in) {
    URI url = in.value("url", "the Image Factory to ask", PUBLIC, Kind.URL, List.of());
    Optional<String> text =
        in.optional(
            "schematic", "what is asked for: the id of a schematic, or its text", SCHEMATIC);
    Optional<Path> file =
        in.optionalPath("schematic-file", "a file with the text of the schematic, instead");
    Optional<String> version =
        in.required("version", "the Talos version that is asked for", VERSION);
    String platform =
        in.value(
            "platform",
            "Talos's name of where it runs, for the command line, UKI and ISO",
            SourceImage.Factory.Files.METAL.platform(),
            BuildKinds.PLATFORM,
            List.of());
    List<Output> outputs =
        in.values(
            "outputs",
            "what is fetched besides kernel, initramfs and command line",
            List.of(),
            OUTPUT);
    var files =
        new SourceImage.Factory.Files(
            platform, outputs.contains(Output.UKI), outputs.contains(Output.ISO));
    if (file.isPresent() && in.isSet("schematic")) {
      in.problem("schematic-file", "is set beside schematic: keep one of them");
    } else if (file.isEmpty() && !in.isSet("schematic")) {
      in.problem("schematic", "must be set, or schematic-file: which extensions and arguments");
    }
    Optional<String> schematic = file.isPresent() ? file.flatMap(f -> fromFile(in, f)) : text;
    String base = url.toString().replaceFirst("/+$", "");
    return schematic.flatMap(s ->
        version.map(v -> new ImageReference(new SourceImage.Factory(base, s, files), v, null)));
  }

  private static String version(String text) {
    return VersionLine.parseShort(text)
        .map(VersionLine::toString)
        .or(() -> TalosVersion.parse(text).map(TalosVersion::toString))
        .orElseThrow(() -> new IllegalArgumentException("no version number"));
  }

  private static Optional<String> fromFile(ConfigReader in, Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] read = bytes.readNBytes(MAX_BYTES + 1);
      if (read.length > MAX_BYTES) {
        throw new IllegalArgumentException("more than 64 KiB: no schematic");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(read)).toString();
      return Optional.of(schematic(text));
    } catch (NoSuchFileException e) {
      in.problem("schematic-file", file + " is not there");
    } catch (CharacterCodingException e) {
      in.problem("schematic-file", file + ": no text (UTF-8)");
    } catch (IOException e) {
      in.problem("schematic-file", file + " cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      in.problem("schematic-file", file + ": " + e.getMessage());
    }
    return Optional.empty();
  }

  /** Only whether it can be one at all: the factory knows the rest. */
  private static String schematic(String text) {
    if (ID.matcher(text.strip()).matches()) {
      return text.strip();
    }
    try {
      if (!(Yaml.parse(text) instanceof Json.Obj)) {
        throw new IllegalArgumentException(
            "no id, and no keys with values either; the text of a schematic begins with"
                + " customization: or overlay:, and a file is named by schematic-file");
      }
    } catch (YamlException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return text;
  }
}
