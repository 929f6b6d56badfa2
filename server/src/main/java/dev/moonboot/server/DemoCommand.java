package dev.moonboot.server;

import dev.moonboot.cli.ConsoleProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moonboot demo}. */
@Command(
    name = "demo",
    description = {
      "Show it all at work on this machine: a registry in this process, the appliance that",
      "follows a tag in it, and a payload made on the spot. Nothing is left behind."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  /** Held, so that its level is not collected with it. */
  private static final Logger OURS = Logger.getLogger("dev.moonboot");

  @Option(names = "--auto", description = "Move the tag once without asking, and end.")
  private boolean auto;

  @Option(
      names = "--boot",
      description = "Boot a virtual PC from it each time (needs qemu-system-x86_64).")
  private boolean boot;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (boot && !DemoMachine.isInstalled()) {
      throw new StartException(
          "--boot needs qemu-system-x86_64, which is not installed"
              + " (Debian, Ubuntu: apt install qemu-system-x86); or leave --boot out",
          null);
    }
    OURS.setLevel(Level.WARNING); // the demo itself says what happens
    PrintWriter out = CommandContext.of(spec).out();
    out.println(
        "moonboot demo: all on this machine, on loopback, with a payload that is not Talos");
    out.println();
    Path data = Path.of(System.getProperty("moonboot.home", ""), "profiles", "minimal");
    try (Demo demo = new Demo(data, out, ConsoleProgress.onTerminal())) {
      // Ctrl-C. It stays: who ends us while we are ending must wait until nothing is left.
      Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "demo-end"));
      demo.begin();
      run(demo, out);
    }
    out.println();
    out.println("done; nothing is left behind");
    return ExitCode.OK;
  }

  private void run(Demo demo, PrintWriter out) throws InterruptedException, IOException {
    demo.awaitRelease();
    demo.printLinesToTry();
    show(demo);
    if (auto) {
      demo.moveTag();
      demo.awaitRelease();
      show(demo);
      return;
    }
    while (enter(out)) {
      demo.moveTag();
      demo.awaitRelease();
      show(demo);
    }
  }

  private void show(Demo demo) throws InterruptedException {
    demo.printScript();
    if (boot) {
      demo.bootMachine();
    }
  }

  /** Returns true for Enter, and false at the end of input. */
  private static boolean enter(PrintWriter out) throws IOException {
    out.println();
    out.println("4. Press Enter to move the tag to a new image; Ctrl-C or Ctrl-D to end.");
    out.flush();
    int read = System.in.read();
    while (read >= 0 && read != '\n') {
      read = System.in.read();
    }
    return read >= 0;
  }
}
