package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What extended headers say about the next member. As GNU tar reads them: the last of each kind
 * counts, PAX records win over long names, and a PAX size is the member's, never that of a long
 * name which stands between.
 */
final class TarMetadata {
  private static final Set<String> RENAMING = Set.of("path", "linkpath", "size");

  /** GNU tar's and Docker's way to keep extended attributes. */
  private static final String ATTRIBUTE = "SCHILY.xattr.";

  private final int limit;
  private int used;
  private boolean empty = true;
  private @Nullable String longName;
  private @Nullable String longLink;
  private Map<String, String> pax = Map.of();

  TarMetadata(int limit) {
    this.limit = limit;
  }

  boolean isEmpty() {
    return empty;
  }

  /** Checks that so much may still be added, before it is read. */
  void require(long size) {
    if (size > limit - used) {
      throw new ExtractException(
          "the layer's tar archive has extended headers of more than "
              + Limits.bytes(limit)
              + " before one entry");
    }
    used += (int) size;
  }

  void add(TarHeader header, byte[] content) {
    switch (header.type()) {
      case 'L' -> longName = TarReader.text(content, 0, content.length);
      case 'K' -> longLink = TarReader.text(content, 0, content.length);
      case 'g' -> requireHarmless(records(content));
      default -> pax = records(content);
    }
    empty = header.type() == 'g' && empty; // a global header may well be the last thing
  }

  private static void requireHarmless(Map<String, String> global) {
    for (String key : global.keySet()) {
      if (RENAMING.contains(key) || key.startsWith("GNU.sparse.")) {
        throw new ExtractException(
            "the layer's tar archive has a global header that sets " + key + " for all entries");
      }
    }
  }

  /** {@code <length> <key>=<value>\n}, one after the other. */
  private static Map<String, String> records(byte[] content) {
    Map<String, String> records = new HashMap<>();
    for (int at = 0; at < content.length; ) {
      int length = 0;
      int p = at;
      while (p < content.length && content[p] >= '0' && content[p] <= '9' && length < 1 << 20) {
        length = length * 10 + (content[p++] - '0');
      }
      int end = at + length;
      if (p == at
          || end > content.length
          || p + 1 >= end
          || content[p] != ' '
          || content[end - 1] != '\n') {
        throw malformed();
      }
      String record = new String(content, p + 1, end - p - 2, UTF_8);
      int equals = record.indexOf('=');
      if (equals < 1) {
        throw malformed();
      }
      records.put(record.substring(0, equals), record.substring(equals + 1));
      at = end;
    }
    return records;
  }

  private static ExtractException malformed() {
    return new ExtractException("the layer's tar archive has a malformed extended header");
  }

  /** The member that {@code header} begins. */
  TarEntry apply(TarHeader header) {
    boolean sparse = pax.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."));
    String name =
        first("GNU.sparse.name", first("path", longName == null ? header.name() : longName));
    String link = first("linkpath", longLink == null ? header.link() : longLink);
    String paxSize = first("size", "");
    long size = paxSize.isEmpty() ? header.size() : parseSize(paxSize);
    TarEntry.Kind kind = sparse ? TarEntry.Kind.SPARSE : header.kind(name);
    if (size != 0 && !header.mayHaveBody()) {
      throw new ExtractException(
          "the layer's tar archive has " + kind.label() + " with a body: " + ImagePath.shown(name));
    }
    return new TarEntry(name, kind, link, size, header.mode(), attributes());
  }

  private Set<String> attributes() {
    Set<String> names = new TreeSet<>();
    for (String key : pax.keySet()) {
      if (key.startsWith(ATTRIBUTE)) {
        names.add(key.substring(ATTRIBUTE.length()));
      }
    }
    return names;
  }

  private String first(String key, String otherwise) {
    String value = pax.getOrDefault(key, "");
    return value.isEmpty() ? otherwise : value; // an empty value takes a record back
  }

  private static long parseSize(String text) {
    if (text.length() > 12 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw TarHeader.outOfRange();
    }
    return Long.parseLong(text);
  }
}
