package dev.moonboot.assets.compose;

import dev.moonboot.assets.extract.Compression;
import dev.moonboot.assets.extract.CpioReader;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.InitramfsReader;
import dev.moonboot.assets.extract.InitramfsReader.Member;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which part of an initramfs is what. Talos's imager puts three behind each other: microcode in a
 * plain archive, the base, and an archive of extensions; others may have put more.
 *
 * @param early plain archives before the base with nothing but what the kernel looks for early
 * @param base the archive with {@code init}, and whatever else is no extension
 * @param extensions the archives of layers, and all that stand behind them
 */
record BaseSplit(List<Member> early, List<Member> base, List<Member> extensions) {
  private static final int MOST = 64;

  BaseSplit {
    early = List.copyOf(early);
    base = List.copyOf(base);
    extensions = List.copyOf(extensions);
  }

  /** What stands in a member. */
  private static final class Content implements CpioReader.Visitor {
    private boolean init;
    private boolean rootfs;
    private boolean layers;
    private boolean onlyEarly = true;

    @Override
    public void entry(CpioReader.Entry entry, InputStream body) {
      String name = entry.name();
      init |= name.equals("init");
      rootfs |= name.equals(ROOTFS);
      layers |= name.equals(LIST) || isLayer(name);
      onlyEarly &= name.isEmpty() || name.equals("kernel") || name.startsWith("kernel/");
    }
  }

  /** Talos's root file system in the base. */
  static final String ROOTFS = "rootfs.sqsh";

  /** What names the layers and gives their order. */
  static final String LIST = "extensions.yaml";

  static boolean isLayer(String name) {
    return name.endsWith(".sqsh") && !name.equals(ROOTFS) && name.indexOf('/') < 0;
  }

  /**
   * Takes an initramfs apart.
   *
   * @throws ComposeException when it cannot be, or holds no base
   */
  static BaseSplit of(Path initramfs) {
    try (InitramfsReader reader = InitramfsReader.open(initramfs)) {
      List<Member> early = new ArrayList<>();
      List<Member> base = new ArrayList<>();
      List<Member> extensions = new ArrayList<>();
      boolean found = false;
      for (int count = 0; ; count++) {
        Content content = new Content();
        Optional<Member> next = reader.next(new CpioReader(content));
        if (next.isEmpty()) {
          break;
        }
        Member member = usable(next.get(), count);
        boolean isBase = content.init || content.rootfs;
        found |= isBase;
        if (isBase && content.layers) {
          throw new ComposeException(
              "the base's initramfs has Talos and extensions in one archive, which cannot be taken"
                  + " apart; use an imager image of that version as base");
        } else if (!isBase && (content.layers || !extensions.isEmpty())) {
          extensions.add(member);
        } else if (!found && member.packing() == Compression.NONE && content.onlyEarly) {
          early.add(member);
        } else {
          base.add(member);
        }
      }
      if (!found) {
        throw new ComposeException(
            "the base's initramfs has neither init nor rootfs.sqsh in it, so it is not Talos's; use"
                + " an imager or installer image as base");
      }
      return new BaseSplit(early, base, extensions);
    } catch (IOException | ExtractException e) {
      throw unreadable(e);
    }
  }

  /** Talos's root file system, unpacked into a file. */
  Path rootfs(Path initramfs, Scratch scratch) {
    List<Path> found = new ArrayList<>();
    CpioReader cpio =
        new CpioReader((entry, body) -> {
          if (entry.name().equals(ROOTFS)) {
            found.add(scratch.write(body, ROOTFS).file());
          }
        });
    try (InitramfsReader reader = InitramfsReader.open(initramfs)) {
      for (Member member : base) {
        reader.seek(member);
        reader.next(cpio);
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (found.isEmpty()) {
      throw new ComposeException(
          "the base's initramfs has no rootfs.sqsh, which says which kernel modules are for it; use"
              + " an imager or installer image as base");
    }
    return found.getLast();
  }

  static ComposeException unreadable(Exception e) {
    return new ComposeException(
        "the base's initramfs cannot be read (%s); take another base".formatted(e.getMessage()), e);
  }

  private static Member usable(Member member, int count) {
    if (count == MOST) {
      throw new ComposeException(
          "the base's initramfs has more than %d archives; take another base".formatted(MOST));
    }
    return member;
  }
}
