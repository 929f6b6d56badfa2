package dev.moonboot.rpc;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Lists in the order of file names, as large as may be sent. */
final class Listing {
  /**
   * So many bytes of messages: some 100,000 groups of a usual size. Clients that are not told
   * otherwise take 4 MiB (grpc-go and grpc-java alike).
   */
  static final int MOST = 16 << 20;

  private Listing() {}

  /**
   * The messages of all {@code items}.
   *
   * @param name the name of an item's file, without {@code .json}
   */
  static <T, M extends Message> List<M> of(
      String what, Collection<T> items, Function<T, String> name, Function<T, M> message) {
    List<M> messages = new ArrayList<>();
    long bytes = 0;
    List<T> ordered =
        items.stream()
            .filter(item -> name.apply(item).indexOf('/') < 0) // not of a folder below
            .sorted(Comparator.comparing(item -> name.apply(item) + ".json"))
            .toList();
    for (T item : ordered) {
      M one = message.apply(item);
      messages.add(one);
      bytes += one.getSerializedSize();
      if (bytes > MOST) {
        throw Problems.tooMuch(
            "the %d %s take more than %d bytes together, which is more than is sent in one answer:"
                    .formatted(ordered.size(), what, MOST)
                + " get them one by one");
      }
    }
    return messages;
  }
}
