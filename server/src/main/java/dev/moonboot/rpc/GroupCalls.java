package dev.moonboot.rpc;

import dev.moonboot.profile.CatalogKind;
import dev.moonboot.profile.Group;
import dev.moonboot.rpc.pb.GroupDeleteRequest;
import dev.moonboot.rpc.pb.GroupDeleteResponse;
import dev.moonboot.rpc.pb.GroupGetRequest;
import dev.moonboot.rpc.pb.GroupGetResponse;
import dev.moonboot.rpc.pb.GroupListRequest;
import dev.moonboot.rpc.pb.GroupListResponse;
import dev.moonboot.rpc.pb.GroupPutRequest;
import dev.moonboot.rpc.pb.GroupPutResponse;
import dev.moonboot.rpc.pb.GroupsGrpc.GroupsImplBase;
import io.grpc.stub.StreamObserver;

/** {@code rpcpb.Groups}. */
final class GroupCalls extends GroupsImplBase {
  private final DataCalls data;

  GroupCalls(DataCalls data) {
    this.data = data;
  }

  @Override
  public void groupPut(GroupPutRequest request, StreamObserver<GroupPutResponse> caller) {
    Unary.to(
        caller,
        () -> {
          if (!request.hasGroup()) {
            throw Problems.invalid("the request has no group in it");
          }
          var group = request.getGroup();
          Problems.name("group id", group.getId());
          if (group.getProfile().isEmpty()) {
            throw Problems.invalid(
                "group \"%s\" requires a profile: it is empty"
                    .formatted(Printable.of(group.getId())));
          }
          data.put(CatalogKind.GROUP, group.getId(), Messages.content(group));
          return GroupPutResponse.getDefaultInstance();
        });
  }

  @Override
  public void groupGet(GroupGetRequest request, StreamObserver<GroupGetResponse> caller) {
    Unary.to(
        caller,
        () -> {
          String id = Problems.name("group id", request.getId());
          Group group =
              data.catalog()
                  .get()
                  .group(id)
                  .orElseThrow(() -> data.missing("groups/" + id + ".json"));
          return GroupGetResponse.newBuilder().setGroup(Messages.group(group)).build();
        });
  }

  @Override
  public void groupDelete(GroupDeleteRequest request, StreamObserver<GroupDeleteResponse> caller) {
    Unary.to(
        caller,
        () -> {
          data.delete(CatalogKind.GROUP, request.getId());
          return GroupDeleteResponse.getDefaultInstance();
        });
  }

  @Override
  public void groupList(GroupListRequest request, StreamObserver<GroupListResponse> caller) {
    Unary.to(
        caller,
        () ->
            GroupListResponse.newBuilder()
                .addAllGroups(
                    Listing.of(
                        "groups", data.catalog().get().groups(), Group::file, Messages::group))
                .build());
  }
}
