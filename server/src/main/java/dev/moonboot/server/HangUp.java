package dev.moonboot.server;

import java.lang.System.Logger.Level;
import java.lang.reflect.Proxy;

/**
 * The signal SIGHUP, with which service managers ask for the configuration to be read again. Java's
 * only way to it is {@code sun.misc.Signal} (module jdk.unsupported), which the compiler lets
 * nobody name without a warning: so it is looked up. Where it is missing the signal ends the
 * process, as it does by itself.
 */
final class HangUp {
  private static final System.Logger LOG = System.getLogger(HangUp.class.getName());

  private HangUp() {}

  /** Runs {@code work} at every SIGHUP from now on, on a thread of its own. */
  @SuppressWarnings("ReferenceEquality") // of a proxy, whose equals this is
  static void handle(Runnable work) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object handling =
          Proxy.newProxyInstance(
              HangUp.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      run(work);
                      yield null;
                    }
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> HangUp.class.getName();
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handling);
    } catch (ReflectiveOperationException e) {
      LOG.log(Level.WARNING, "SIGHUP cannot be handled: a change needs a restart", e);
    }
  }

  private static void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) { // the edge of the signal's thread
      LOG.log(Level.ERROR, "config reload result=fault", e);
    }
  }
}
