package dev.moonboot.rpc;

import io.grpc.ServerCall;

/** What calls are called. */
final class Methods {
  private Methods() {}

  /** Without the package: {@code Groups/GroupPut}. */
  static String name(ServerCall<?, ?> call) {
    String full = call.getMethodDescriptor().getFullMethodName();
    return full.substring(full.indexOf('.') + 1);
  }

  /** Whether it changes the data directory. */
  static boolean isChange(String method) {
    return method.endsWith("Put") || method.endsWith("Delete");
  }
}
