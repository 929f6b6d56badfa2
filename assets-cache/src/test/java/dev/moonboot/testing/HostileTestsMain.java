package dev.moonboot.testing;

import static org.junit.platform.engine.FilterResult.includedIf;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs every test of hostile input (ids R, X and S) in this process, one after the other; ends with
 * 0 when none fails.
 */
final class HostileTestsMain {
  private static final Pattern HOSTILE = Pattern.compile("[rxs]_\\d\\d_.*");

  /** Each spoils thousands of inputs in turn, which takes time and no memory. */
  private static final Pattern LONG = Pattern.compile(".*\\.(FuzzTest|FuzzTargetsTest)");

  private HostileTestsMain() {}

  public static void main(String[] args) {
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage("dev.moonboot.assets"))
            .filters((PostDiscoveryFilter) test -> includedIf(isHostile(test)))
            .build();
    var listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    var summary = listener.getSummary();
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    summary.printFailuresTo(out, 20);
    out.println("passed " + summary.getTestsSucceededCount());
    System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
  }

  private static boolean isHostile(TestDescriptor test) {
    return test.getSource()
        .map(source ->
            !(source instanceof MethodSource method)
                || (HOSTILE.matcher(method.getMethodName()).matches()
                    && !LONG.matcher(method.getClassName()).matches()))
        .orElse(true);
  }
}
