package dev.moonboot.diagnosis;

import java.util.List;

/** Asks a network for DHCP as firmware does, and takes nothing of what it is offered. */
@FunctionalInterface
public interface OfferProbe {
  /** What it asks as. */
  enum As {
    BIOS("BIOS"),
    UEFI_AMD64("UEFI amd64"),
    UEFI_ARM64("UEFI arm64"),
    HTTP_AMD64("UEFI HTTP amd64");

    private final String title;

    As(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  /** What came of it. */
  sealed interface Outcome {
    /** These, in the order in which they came. */
    record Offers(List<Offered> all) implements Outcome {}

    /** It cannot be asked. */
    record Unusable(String why) implements Outcome {}
  }

  Outcome ask(String link, As as) throws InterruptedException;
}
