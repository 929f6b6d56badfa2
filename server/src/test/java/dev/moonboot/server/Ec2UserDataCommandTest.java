package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ec2UserDataCommandTest {
  private static final String URL = "http://10.0.1.5:8080";

  @TempDir Path data;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    List<String> words = new ArrayList<>(List.of("ec2"));
    words.addAll(List.of(args));
    int code =
        Main.run(
            words.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
    return new Ran(code, out.toString(), err.toString());
  }

  private void profile(String name, String args) throws Exception {
    Files.createDirectories(data.resolve("profiles"));
    Files.writeString(
        data.resolve("profiles/" + name + ".json"),
        """
        {"id": "p", "boot": {"kernel": "/assets/talos/custom/vmlinuz-arm64", "args": [%s]}}
        """
            .formatted(args));
  }

  @Test
  void prints_the_script_and_nothing_else() {
    Ran ran = run("user-data", "--url", URL);
    assertEquals(0, ran.code(), ran.err());
    assertEquals("", ran.err());
    assertTrue(ran.out().startsWith("#!ipxe\n"), ran.out());
    assertTrue(ran.out().endsWith("goto again\n"), ran.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--url http://0.0.0.0:8080",
        "--url https://10.0.1.5 --without-https",
        "--url http://10.0.1.5 --check nobody"
      })
  void what_cannot_work_is_1_with_the_reason_and_no_script(String args) {
    Ran ran = run(("user-data --data " + data + " " + args).split(" "));
    assertEquals(1, ran.code(), ran.err());
    assertEquals("", ran.out());
    assertTrue(ran.err().startsWith("moonboot: "), ran.err());
  }

  /** Trap 16: on EC2 the user data is the script, and aws would take it for a machine config. */
  @Test
  void trap_16_platform_aws_together_with_this_user_data_is_refused() throws Exception {
    profile("aws", "\"talos.platform=aws\"");
    Ran ran = run("user-data", "--url", URL, "--data", data.toString(), "--check", "aws");
    assertEquals(1, ran.code());
    assertEquals("", ran.out());
    assertTrue(ran.err().contains("profile aws: talos.platform=aws: Talos would read"), ran.err());
  }

  @Test
  void profiles_that_work_are_remarked_upon() throws Exception {
    profile("good", "\"{cmdline}\", \"talos.config=http://x/c\", \"console=ttyS0\"");
    profile("dark", "\"{cmdline}\", \"talos.config=http://x/c\"");
    Ran ran =
        run(
            "user-data",
            "--url",
            URL,
            "--arch",
            "arm64",
            "--data",
            data.toString(),
            "--check",
            "good",
            "dark");
    assertEquals(0, ran.code(), ran.err());
    assertEquals(
        "note: profile dark: no console=ttyS0: \"Get system log\" shows nothing of the kernel\n",
        ran.err());
    assertTrue(ran.out().contains("iseq ${buildarch} arm64"), ran.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "user-data", "user-data --url http://x --console tty$S", "frob"})
  void wrong_usage_is_2(String args) {
    Ran ran = run(args.isEmpty() ? new String[0] : args.split(" "));
    assertEquals(2, ran.code(), ran.err());
    assertEquals("", ran.out());
  }

  @Test
  void help_explains() {
    String help = run("user-data", "--help").out();
    for (String word :
        List.of("iPXE AMI", "--url", "--check", "--without-https", "run-instances")) {
      assertTrue(help.contains(word), help);
    }
  }
}
