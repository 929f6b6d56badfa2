package dev.moonboot.testing;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.RegistrySettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The reference registry (CNCF distribution) by plain HTTP on loopback, empty at first: the {@code
 * docker-registry} program where it is installed, else in a container where Docker is; else the
 * test is skipped, visibly.
 */
public final class RealRegistry implements RegistryFixture {
  private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
  private static final String IMAGE = "registry:2";

  private final String address;
  private final Path directory;
  private final @Nullable Process process;
  private final @Nullable GenericContainer<?> container;

  private RealRegistry(
      String address,
      Path directory,
      @Nullable Process process,
      @Nullable GenericContainer<?> container) {
    this.address = address;
    this.directory = directory;
    this.process = process;
    this.container = container;
  }

  /** Starts one. */
  public static RealRegistry start() {
    try {
      Path directory = Files.createTempDirectory("real-registry");
      Files.writeString(directory.resolve("config.json"), "{}");
      Optional<Path> program = Requires.find("docker-registry");
      if (program.isPresent()) {
        return startProgram(program.get(), directory);
      }
      boolean docker = DockerClientFactory.instance().isDockerAvailable();
      if (!docker) {
        delete(directory);
      }
      Requires.that(docker, "neither the program docker-registry nor Docker is here");
      return startContainer(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RealRegistry startProgram(Path program, Path directory) throws IOException {
    Path configuration = directory.resolve("registry.yml");
    Files.writeString(
        configuration,
        """
        version: 0.1
        log: {level: info}
        storage:
          filesystem: {rootdirectory: '%s'}
          delete: {enabled: true}
        http: {addr: '127.0.0.1:0'}
        """
            .formatted(directory.resolve("storage")));
    Process process =
        new ProcessBuilder(program.toString(), "serve", configuration.toString())
            .redirectErrorStream(true)
            .start();
    var lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var log = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        Thread.ofVirtual().start(() -> lines.lines().forEach(rest -> {})); // or it would block
        return new RealRegistry("127.0.0.1:" + listening.group(1), directory, process, null);
      }
      log.append(line).append('\n');
    }
    process.destroyForcibly();
    throw new IOException("docker-registry did not start:\n" + log);
  }

  @SuppressWarnings("resource") // closed with this
  private static RealRegistry startContainer(Path directory) {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(IMAGE)).withExposedPorts(5000);
    container.start();
    return new RealRegistry(
        "127.0.0.1:" + container.getMappedPort(5000), directory, null, container);
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public RegistrySettings settings() {
    return new RegistrySettings(
        Set.of(address),
        List.of(),
        Set.of(),
        directory.resolve("config.json"),
        null,
        List.of(),
        RegistrySettings.Timeouts.DEFAULT);
  }

  @Override
  public Digest putBlob(String repository, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    HttpURLConnection begun =
        send("POST", "http://" + address + "/v2/" + repository + "/blobs/uploads/", null, null);
    String upload = begun.getHeaderField("Location");
    send(
        "PUT",
        upload + (upload.contains("?") ? "&" : "?") + "digest=" + digest,
        "application/octet-stream",
        bytes);
    return digest;
  }

  @Override
  public Digest putManifest(String repository, String mediaType, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    send("PUT", manifest(repository, digest.toString()), mediaType, bytes);
    return digest;
  }

  @Override
  public boolean hasReferrers() {
    return false; // version 2 has none, and version 3 has none either
  }

  @Override
  public void tag(String repository, String tag, Digest manifest) {
    try {
      HttpURLConnection found = open("GET", manifest(repository, manifest.toString()));
      byte[] bytes = found.getInputStream().readAllBytes();
      send("PUT", manifest(repository, tag), found.getContentType(), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long manifestSize(String repository, Digest manifest) {
    try {
      return open("HEAD", manifest(repository, manifest.toString())).getContentLengthLong();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String manifest(String repository, String reference) {
    return "http://" + address + "/v2/" + repository + "/manifests/" + reference;
  }

  private static HttpURLConnection open(String method, String url) throws IOException {
    var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setReadTimeout(Math.toIntExact(Duration.ofSeconds(30).toMillis()));
    connection.setRequestProperty("Connection", "close"); // or its socket outlives the test
    connection.setRequestProperty("Accept", MANIFEST + ", " + INDEX);
    return connection;
  }

  private static HttpURLConnection send(
      String method, String url, @Nullable String contentType, byte @Nullable [] body) {
    try {
      HttpURLConnection connection = open(method, url);
      if (contentType != null && body != null) {
        connection.setRequestProperty("Content-Type", contentType);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        try (OutputStream out = connection.getOutputStream()) {
          out.write(body);
        }
      }
      if (connection.getResponseCode() / 100 != 2) {
        throw new IOException(method + " " + url + ": " + connection.getResponseCode());
      }
      return connection;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (container != null) {
      container.close();
    }
    if (process != null) {
      process.destroy();
      process.onExit().join();
    }
    try {
      delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
