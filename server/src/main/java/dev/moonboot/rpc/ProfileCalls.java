package dev.moonboot.rpc;

import dev.moonboot.profile.CatalogKind;
import dev.moonboot.profile.Profile;
import dev.moonboot.rpc.pb.ProfileDeleteRequest;
import dev.moonboot.rpc.pb.ProfileDeleteResponse;
import dev.moonboot.rpc.pb.ProfileGetRequest;
import dev.moonboot.rpc.pb.ProfileGetResponse;
import dev.moonboot.rpc.pb.ProfileListRequest;
import dev.moonboot.rpc.pb.ProfileListResponse;
import dev.moonboot.rpc.pb.ProfilePutRequest;
import dev.moonboot.rpc.pb.ProfilePutResponse;
import dev.moonboot.rpc.pb.ProfilesGrpc.ProfilesImplBase;
import io.grpc.stub.StreamObserver;

/** {@code rpcpb.Profiles}. */
final class ProfileCalls extends ProfilesImplBase {
  private final DataCalls data;

  ProfileCalls(DataCalls data) {
    this.data = data;
  }

  @Override
  public void profilePut(ProfilePutRequest request, StreamObserver<ProfilePutResponse> caller) {
    Unary.to(
        caller,
        () -> {
          if (!request.hasProfile()) {
            throw Problems.invalid("the request has no profile in it");
          }
          var profile = request.getProfile();
          data.put(CatalogKind.PROFILE, profile.getId(), Messages.content(profile));
          return ProfilePutResponse.getDefaultInstance();
        });
  }

  @Override
  public void profileGet(ProfileGetRequest request, StreamObserver<ProfileGetResponse> caller) {
    Unary.to(
        caller,
        () -> {
          String id = Problems.name("profile id", request.getId());
          Profile profile =
              data.catalog()
                  .get()
                  .profile(id)
                  .orElseThrow(() -> data.missing("profiles/" + id + ".json"));
          return ProfileGetResponse.newBuilder().setProfile(Messages.profile(profile)).build();
        });
  }

  @Override
  public void profileDelete(
      ProfileDeleteRequest request, StreamObserver<ProfileDeleteResponse> caller) {
    Unary.to(
        caller,
        () -> {
          data.delete(CatalogKind.PROFILE, request.getId());
          return ProfileDeleteResponse.getDefaultInstance();
        });
  }

  @Override
  public void profileList(ProfileListRequest request, StreamObserver<ProfileListResponse> caller) {
    Unary.to(
        caller,
        () ->
            ProfileListResponse.newBuilder()
                .addAllProfiles(
                    Listing.of(
                        "profiles",
                        data.catalog().get().profiles().values(),
                        Profile::file,
                        Messages::profile))
                .build());
  }
}
