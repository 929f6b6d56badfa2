package dev.moonboot.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one boot.
 *
 * @param id counts up while moonboot runs
 * @param node what the node said of itself
 * @param answer what it was told
 * @param scriptAt when; before that when it was first heard of
 * @param files what its script named of ours, in that order
 * @param result how far it got
 * @param timeline what happened, stage by stage
 */
public record Boot(
    long id,
    Node node,
    Answer answer,
    Instant scriptAt,
    List<File> files,
    Result result,
    Timeline timeline) {
  public Boot {
    files = List.copyOf(files);
  }

  /** How far a boot got. */
  public enum Result {
    /** DHCP told it what to load, and it has not asked for it. */
    OFFERED,
    /** It loads what comes before a script. */
    PROGRAM,
    /** No group wants this node. */
    NO_MATCH,
    /** It is to wait for a release. */
    NOT_READY,
    /** No script could be made. */
    ERROR,
    /** It has its script. */
    SCRIPT,
    /** It is fetching files. */
    LOADING,
    /** Every file that its script named was sent to its address whole. */
    LOADED
  }

  /**
   * What the node said of itself; a text is empty when it said nothing.
   *
   * @param client its address, as the connection shows it
   */
  public record Node(String mac, String uuid, String serial, String arch, String client) {
    /** Nobody. */
    static final Node NONE = new Node("", "", "", "", "");

    /** With what {@code newer} says in addition. */
    Node and(Node newer) {
      return new Node(
          or(newer.mac, mac),
          or(newer.uuid, uuid),
          or(newer.serial, serial),
          or(newer.arch, arch),
          or(newer.client, client));
    }

    private static String or(String newer, String known) {
      return newer.isEmpty() ? known : newer;
    }
  }

  /**
   * What it was told; a text is empty where there is none.
   *
   * @param release digest of the release that the script names
   * @param by {@code pin} or {@code channel}: why that one
   * @param why there is no script
   */
  public record Answer(String group, String profile, String release, String by, String why) {
    /** None so far. */
    static final Answer NONE = new Answer("", "", "", "", "");
  }

  /**
   * One file that the script named.
   *
   * @param path below {@code /assets/}
   * @param bytes sent so far, from its beginning on
   * @param size zero until it was asked for
   * @param startedAt when it was first asked for; null before
   * @param sentAt when the last byte was sent; null before
   */
  public record File(
      String path, long bytes, long size, @Nullable Instant startedAt, @Nullable Instant sentAt) {
    /** When the last byte was sent. */
    public Optional<Instant> sent() {
      return Optional.ofNullable(sentAt);
    }
  }
}
