package dev.moonboot.server;

/** The program: {@code moonboot COMMAND}. */
public final class Main {
  private Main() {}

  static void main() {
    System.out.println("moonboot " + Main.class.getPackage().getImplementationVersion());
  }
}
