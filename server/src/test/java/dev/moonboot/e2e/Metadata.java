package dev.moonboot.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A cloud's metadata service in the lab, which gives a machine its user data. */
final class Metadata implements AutoCloseable {
  static final String ADDRESS = "169.254.169.254";
  static final String USER_DATA_URL = "http://" + ADDRESS + "/latest/user-data";

  /** What an instance is: its type, and its id. */
  static final String SELECTOR =
      """
      "product": "t3.small", "asset": "i-0e2e0000000000001"\
      """;

  /** The same as firmware tells it, in the arguments of {@code bootvm}. */
  static final List<String> SMBIOS =
      List.of(
          "--smbios",
          "type=1,manufacturer=Amazon EC2,product=t3.small,"
              + "serial=ec2e2e00-0051-4810-8058-b4c04f333231,"
              + "uuid=ec2e2e00-0051-4810-8058-b4c04f333231",
          "--smbios",
          "type=2,manufacturer=Amazon EC2,asset=i-0e2e0000000000001");

  private final Running server;

  private Metadata(Running server) {
    this.server = server;
  }

  /**
   * Starts it beside the site's DHCP server, where machines find it through their router, with the
   * user data that moonboot prints for an instance which is to boot the profile of {@link
   * Machine#EC2}.
   *
   * @param work with the appliance's data
   */
  static Metadata start(Lab lab, Path work) {
    String userData = work.resolve("user-data").toString();
    // what goes to standard error is for people
    Running.run(
        List.of(
            "sh",
            "-c",
            "\"$0\" ec2 user-data --url \"$1\" --arch amd64 --data \"$2\" --check ec2 >\"$3\"",
            Script.ROOT.resolve("moonboot").toString(),
            lab.bootUrl(),
            work.resolve("data").toString(),
            userData),
        work.resolve("user-data.log"),
        Duration.ofSeconds(60));
    List<String> command = List.of(Script.IMDS.path(), "--bind", ADDRESS, "--user-data", userData);
    return new Metadata(Running.start(lab.onLan(command), work.resolve("imds.log")));
  }

  @Override
  public void close() {
    server.close();
  }
}
