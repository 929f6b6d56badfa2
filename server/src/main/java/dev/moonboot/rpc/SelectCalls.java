package dev.moonboot.rpc;

import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import dev.moonboot.profile.Selection;
import dev.moonboot.rpc.pb.SelectGroupRequest;
import dev.moonboot.rpc.pb.SelectGroupResponse;
import dev.moonboot.rpc.pb.SelectGrpc.SelectImplBase;
import dev.moonboot.rpc.pb.SelectProfileRequest;
import dev.moonboot.rpc.pb.SelectProfileResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.function.Supplier;

/** {@code rpcpb.Select}: what nodes with these labels, exactly as they are given, get. */
final class SelectCalls extends SelectImplBase {
  private final Supplier<Catalog> catalog;

  SelectCalls(Supplier<Catalog> catalog) {
    this.catalog = catalog;
  }

  @Override
  public void selectGroup(SelectGroupRequest request, StreamObserver<SelectGroupResponse> caller) {
    Unary.to(
        caller,
        () -> {
          Group group =
              switch (select(request.getLabelsMap())) {
                case Selection.Match(var matched, var _) -> matched;
                case Selection.NoProfile(var matched) -> matched;
                case Selection.None() -> throw noGroup();
              };
          return SelectGroupResponse.newBuilder().setGroup(Messages.group(group)).build();
        });
  }

  @Override
  public void selectProfile(
      SelectProfileRequest request, StreamObserver<SelectProfileResponse> caller) {
    Unary.to(
        caller,
        () -> {
          Profile profile =
              switch (select(request.getLabelsMap())) {
                case Selection.Match(var _, var matched) -> matched;
                case Selection.NoProfile _ ->
                    throw Problems.notFound("matchbox: No matching Profile");
                case Selection.None() -> throw noGroup();
              };
          return SelectProfileResponse.newBuilder().setProfile(Messages.profile(profile)).build();
        });
  }

  private Selection select(Map<String, String> labels) {
    return catalog.get().select(NodeLabels.verbatim(labels));
  }

  private static StatusRuntimeException noGroup() {
    return Problems.notFound("matchbox: No matching Group");
  }
}
