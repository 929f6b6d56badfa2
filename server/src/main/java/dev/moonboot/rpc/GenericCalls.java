package dev.moonboot.rpc;

import com.google.protobuf.ByteString;
import dev.moonboot.profile.ConfigKind;
import dev.moonboot.rpc.pb.GenericDeleteRequest;
import dev.moonboot.rpc.pb.GenericDeleteResponse;
import dev.moonboot.rpc.pb.GenericGetRequest;
import dev.moonboot.rpc.pb.GenericGetResponse;
import dev.moonboot.rpc.pb.GenericGrpc.GenericImplBase;
import dev.moonboot.rpc.pb.GenericPutRequest;
import dev.moonboot.rpc.pb.GenericPutResponse;
import io.grpc.stub.StreamObserver;

/** {@code rpcpb.Generic}: files that come back byte for byte. */
final class GenericCalls extends GenericImplBase {
  private final DataCalls data;

  GenericCalls(DataCalls data) {
    this.data = data;
  }

  @Override
  public void genericPut(GenericPutRequest request, StreamObserver<GenericPutResponse> caller) {
    Unary.to(
        caller,
        () -> {
          data.put(ConfigKind.GENERIC, request.getName(), request.getConfig().toByteArray());
          return GenericPutResponse.getDefaultInstance();
        });
  }

  @Override
  public void genericGet(GenericGetRequest request, StreamObserver<GenericGetResponse> caller) {
    Unary.to(
        caller,
        () ->
            GenericGetResponse.newBuilder()
                .setConfig(ByteString.copyFrom(data.get(ConfigKind.GENERIC, request.getName())))
                .build());
  }

  @Override
  public void genericDelete(
      GenericDeleteRequest request, StreamObserver<GenericDeleteResponse> caller) {
    Unary.to(
        caller,
        () -> {
          data.delete(ConfigKind.GENERIC, request.getName());
          return GenericDeleteResponse.getDefaultInstance();
        });
  }
}
