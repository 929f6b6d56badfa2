/** matchbox's gRPC API, on a listener of its own. Door of grpc-java and protobuf. */
@NullMarked
package dev.moonboot.rpc;

import org.jspecify.annotations.NullMarked;
