package dev.moonboot.ignition;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.testing.Fuzz;
import java.util.List;

/**
 * Any bytes as a raw config: a reason for people, or a config that reading again does not change.
 */
public final class IgnitionFuzz {
  private IgnitionFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      switch (Ignition.normalize(new String(input, UTF_8))) {
        case Normalized.Config(var json) -> {
          // a link of 3.2 without a target becomes one that 3.4 itself would not take
          if (Ignition.normalize(json) instanceof Normalized.Config(var again)
              && !again.equals(json)) {
            throw new AssertionError("not the same twice: " + json);
          }
        }
        case Normalized.Unusable(var why) -> {
          if (!why.chars().allMatch(c -> c >= 0x20 && c < 0x7f) || why.length() > 200) {
            throw new AssertionError("no line for people: " + why);
          }
        }
      }
    });
  }

  static List<byte[]> seeds() {
    return List.of(
        seed("'passwd':{'users':[{'name':'a','sshAuthorizedKeys':['k']}]}"),
        seed(
            "'storage':{'files':[{'path':'/f','mode':420,'contents':{'source':'data:;base64,aGk='}}],"
                + "'links':[{'path':'/l','target':'/t','hard':true}],'disks':[{'device':'/d',"
                + "'partitions':[{'number':1,'startMiB':1,'sizeMiB':2}]}]}"),
        "{\"ignition\":{\"version\":\"3.2.0\"},\"storage\":{\"links\":[{\"path\":\"/f\"}]}}"
            .getBytes(UTF_8),
        seed("'systemd':{'units':[{'name':'a.service','contents':'[Unit]\\nA=b\\\\\\n c\\n'}]}"));
  }

  private static byte[] seed(String section) {
    return ("{'ignition':{'version':'3.4.0'}," + section + "}").replace('\'', '"').getBytes(UTF_8);
  }
}
