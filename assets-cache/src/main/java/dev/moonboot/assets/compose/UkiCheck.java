package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.PeImage;
import dev.moonboot.assets.extract.StoredUki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a composed UKI again, as firmware and its stub will, and compares what is found with what
 * was ordered. Nothing that writes one is used here.
 */
final class UkiCheck {
  private final UkiOrder order;
  private final boolean profiles;

  /**
   * @param profiles whether there are to be those that the order's purpose has
   */
  UkiCheck(UkiOrder order, boolean profiles) {
    this.order = order;
    this.profiles = profiles;
  }

  /** What firmware finds of a section. */
  private record Part(String name, long size, Digest content) {
    static Part of(PeImage.Section section) {
      return new Part(section.name(), section.size(), section.content());
    }

    static Part of(String name, Path file) throws IOException {
      return new Part(name, Files.size(file), Digest.ofFile(file));
    }

    static Part of(String name, String text) {
      byte[] bytes = text.getBytes(UTF_8);
      return new Part(name, bytes.length, Digest.of(bytes));
    }
  }

  /**
   * Looks at the image.
   *
   * @param osRelease that it is to have
   * @throws ComposeException when it is not what was ordered, or firmware would not start it
   */
  void require(Path uki, String osRelease) throws IOException {
    try {
      Optional<String> problem = problem(uki, osRelease);
      if (problem.isPresent()) {
        throw new ComposeException(
            "the composed UKI would not boot as it should, so it is not published: %s. Take the stub of another base, and report this"
                .formatted(problem.get()));
      }
    } catch (ExtractException e) {
      throw new ComposeException(
          "the composed UKI %s, so it is not published; take the stub of another base"
              .formatted(e.getMessage()),
          e);
    }
  }

  private Optional<String> problem(Path uki, String osRelease) throws IOException {
    PeImage image = PeImage.read(uki);
    if (image.arch() != order.arch()) {
      return Optional.of("it is not for " + order.arch().id());
    }
    List<PeImage.Section> own = PeImage.read(order.stub()).sections();
    List<Part> wanted = new ArrayList<>(own.stream().map(Part::of).toList());
    wanted.addAll(appended(osRelease));
    List<Part> found = image.sections().stream().map(Part::of).toList();
    for (int i = 0; i < wanted.size(); i++) {
      if (i >= found.size() || !found.get(i).equals(wanted.get(i))) {
        return Optional.of("its section " + wanted.get(i).name() + " is missing, or is another");
      }
      long address = image.sections().get(i).address();
      boolean inPlace =
          i < own.size() ? address == own.get(i).address() : address % image.alignment() == 0;
      if (!inPlace) {
        return Optional.of("its section " + wanted.get(i).name() + " has a wrong address");
      }
    }
    return found.size() > wanted.size()
        ? Optional.of("it has more sections than were meant")
        : lines(StoredUki.lines(uki));
  }

  private Optional<String> lines(UkiLines lines) {
    boolean asMeant =
        lines.base().equals(List.of(order.cmdline().strip()))
            && lines.profiles().size() == (profiles ? 2 : 0)
            && !lines.wipes();
    return asMeant ? Optional.empty() : Optional.of("it has other command lines: " + lines);
  }

  /** What is to stand behind the stub's own sections. */
  private List<Part> appended(String osRelease) throws IOException {
    List<Part> parts = new ArrayList<>();
    parts.add(Part.of(".osrel", osRelease));
    parts.add(Part.of(".cmdline", order.cmdline()));
    if (!order.kernelRelease().isEmpty()) {
      parts.add(Part.of(".uname", order.kernelRelease()));
    }
    Path splash = order.splash();
    if (splash != null) {
      parts.add(Part.of(".splash", splash));
    }
    parts.add(Part.of(".linux", order.kernel()));
    parts.add(Part.of(".initrd", order.initramfs()));
    if (profiles) {
      parts.add(Part.of(".profile", "ID=main"));
      parts.add(Part.of(".profile", order.purpose().profile()));
      parts.add(Part.of(".cmdline", order.cmdline() + " " + order.purpose().argument()));
    }
    return parts;
  }
}
