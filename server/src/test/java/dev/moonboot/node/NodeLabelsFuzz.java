package dev.moonboot.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.moonboot.testing.Fuzz;
import java.util.List;

/** Any bytes as the query of a URL: bounded labels without control characters. */
public final class NodeLabelsFuzz {
  private static final int LONGEST_LINE = 1100;

  private NodeLabelsFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      NodeLabels labels = NodeLabels.of(new String(input, ISO_8859_1));
      require(labels.all().size() <= NodeLabels.MAX_LABELS, labels);
      labels.all().forEach(NodeLabelsFuzz::check);
      labels.ignored().forEach(NodeLabelsFuzz::line);
      line(labels.toString());
      labels.mac().ifPresent(mac -> require(mac.equals(new MacAddress(mac).text()), mac));
    });
  }

  private static void check(String key, String value) {
    require(key.length() + value.length() <= NodeLabels.MAX_PAIR, key);
    require(!QueryText.hasControl(key) && !QueryText.hasControl(value), key);
    if (NodeLabels.isMac(key)) {
      require(
          MacAddress.parse(value).map(MacAddress::text).filter(value::equals).isPresent(), value);
    }
  }

  private static void line(String text) {
    require(!QueryText.hasControl(text) && text.length() < LONGEST_LINE, text);
  }

  private static void require(boolean holds, Object what) {
    if (!holds) {
      throw new AssertionError(what.toString());
    }
  }

  static List<byte[]> seeds() {
    return List.of(
        query("mac=52:54:00:A1:9c:ae&arch=arm64&uuid=4c4c4544-0042&hostname=&serial=x%20y+z"),
        query("MAC=5254.00a1.9cae&&a=1&a=2&=x&b&c=%zz&d=%e2%80%a8&e=%00;f=1"),
        query("mac=52-54-00-a1-9c-ae-52-54&mac=52540"));
  }

  private static byte[] query(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
