package dev.moonboot.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all admin commands have. A token is never one: others can see command lines. */
public final class AdminOptions {
  @Option(
      names = "--address",
      paramLabel = "URL",
      description = "The admin listener: http://127.0.0.1:8090, or host:port.")
  @Nullable String address;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with a token in it that only you can read (mode 0600).")
  @Nullable Path tokenFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Certificates (PEM) to trust for https, instead of the system's.")
  @Nullable Path ca;

  @Option(names = "--json", description = "As JSON, for programs.")
  boolean json;

  /** Whether programs read the answer. */
  public boolean isJson() {
    return json;
  }
}
