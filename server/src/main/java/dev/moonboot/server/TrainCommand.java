package dev.moonboot.server;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Does once what the service does, and says nothing: the start script records this run for its
 * start-up cache.
 */
@Command(name = "train", hidden = true)
final class TrainCommand implements Callable<Integer> {
  @Override
  public Integer call() throws InterruptedException {
    Path data = Path.of(System.getProperty("moonboot.home", ""), "profiles", "minimal");
    try (Demo demo = new Demo(data, new PrintWriter(Writer.nullWriter()), false)) {
      demo.begin();
      demo.awaitRelease();
      demo.printScript();
      demo.moveTag();
      demo.awaitRelease();
    }
    return ExitCode.OK;
  }
}
