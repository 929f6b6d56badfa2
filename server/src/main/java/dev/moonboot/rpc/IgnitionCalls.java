package dev.moonboot.rpc;

import com.google.protobuf.ByteString;
import dev.moonboot.profile.ConfigKind;
import dev.moonboot.rpc.pb.IgnitionDeleteRequest;
import dev.moonboot.rpc.pb.IgnitionDeleteResponse;
import dev.moonboot.rpc.pb.IgnitionGetRequest;
import dev.moonboot.rpc.pb.IgnitionGetResponse;
import dev.moonboot.rpc.pb.IgnitionGrpc.IgnitionImplBase;
import dev.moonboot.rpc.pb.IgnitionPutRequest;
import dev.moonboot.rpc.pb.IgnitionPutResponse;
import io.grpc.stub.StreamObserver;

/** {@code rpcpb.Ignition}: files that come back byte for byte. */
final class IgnitionCalls extends IgnitionImplBase {
  private final DataCalls data;

  IgnitionCalls(DataCalls data) {
    this.data = data;
  }

  @Override
  public void ignitionPut(IgnitionPutRequest request, StreamObserver<IgnitionPutResponse> caller) {
    Unary.to(
        caller,
        () -> {
          data.put(ConfigKind.IGNITION, request.getName(), request.getConfig().toByteArray());
          return IgnitionPutResponse.getDefaultInstance();
        });
  }

  @Override
  public void ignitionGet(IgnitionGetRequest request, StreamObserver<IgnitionGetResponse> caller) {
    Unary.to(
        caller,
        () ->
            IgnitionGetResponse.newBuilder()
                .setConfig(ByteString.copyFrom(data.get(ConfigKind.IGNITION, request.getName())))
                .build());
  }

  @Override
  public void ignitionDelete(
      IgnitionDeleteRequest request, StreamObserver<IgnitionDeleteResponse> caller) {
    Unary.to(
        caller,
        () -> {
          data.delete(ConfigKind.IGNITION, request.getName());
          return IgnitionDeleteResponse.getDefaultInstance();
        });
  }
}
