package dev.moonboot.rpc;

import com.google.protobuf.ByteString;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import dev.moonboot.profile.GoJson;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import dev.moonboot.rpc.pb.NetBoot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Groups and profiles as messages, and as the JSON that files hold. */
final class Messages {
  /** A group's file may not have more, so there is no need to read more. */
  private static final int MAX_METADATA = 1 << 20;

  private Messages() {}

  static dev.moonboot.rpc.pb.Group group(Group group) {
    var message =
        dev.moonboot.rpc.pb.Group.newBuilder()
            .setId(group.id())
            .setName(group.name())
            .setProfile(group.profile())
            .putAllSelector(group.selectorTexts());
    if (!group.metadata().members().isEmpty()) {
      message.setMetadata(ByteString.copyFromUtf8(GoJson.compact(group.metadata())));
    }
    return message.build();
  }

  static dev.moonboot.rpc.pb.Profile profile(Profile profile) {
    var message =
        dev.moonboot.rpc.pb.Profile.newBuilder()
            .setId(profile.id())
            .setName(profile.name())
            .setIgnitionId(profile.ignitionId())
            .setCloudId(profile.cloudId())
            .setGenericId(profile.genericId());
    profile
        .boot()
        .ifPresent(boot ->
            message.setBoot(
                NetBoot.newBuilder()
                    .setKernel(boot.kernel())
                    .addAllInitrd(boot.initrd())
                    .addAllArgs(boot.args())));
    return message.build();
  }

  static Json.Obj content(dev.moonboot.rpc.pb.Group group) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("id", new Json.Str(group.getId()));
    members.put("name", new Json.Str(group.getName()));
    members.put("profile", new Json.Str(group.getProfile()));
    Map<String, Json> selector = new LinkedHashMap<>();
    group.getSelectorMap().forEach((key, value) -> selector.put(key, new Json.Str(value)));
    members.put("selector", new Json.Obj(selector));
    members.put("metadata", metadata(group.getMetadata()));
    return new Json.Obj(members);
  }

  private static Json metadata(ByteString bytes) {
    if (bytes.isEmpty()) {
      return new Json.Null();
    }
    if (bytes.size() > MAX_METADATA) {
      throw Problems.invalid(
          "metadata is %d bytes long; %d may be".formatted(bytes.size(), MAX_METADATA));
    }
    try {
      // bytes that are no UTF-8 become U+FFFD, and numbers floating point, as in Go
      Json json = JsonText.parseLastWins(bytes.toStringUtf8());
      if (json instanceof Json.Obj || json instanceof Json.Null) {
        return GoJson.rounded(json);
      }
    } catch (JsonException e) {
      throw Problems.invalid(
          "metadata is not JSON: " + Printable.of(String.valueOf(e.getMessage())));
    }
    throw Problems.invalid("metadata must be a JSON object such as {\"key\": \"value\"}");
  }

  static Json.Obj content(dev.moonboot.rpc.pb.Profile profile) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("id", new Json.Str(profile.getId()));
    members.put("name", new Json.Str(profile.getName()));
    members.put("ignition_id", new Json.Str(profile.getIgnitionId()));
    members.put("cloud_id", new Json.Str(profile.getCloudId()));
    if (profile.hasBoot()) {
      members.put("boot", boot(profile.getBoot()));
    }
    members.put("generic_id", new Json.Str(profile.getGenericId()));
    return new Json.Obj(members);
  }

  private static Json boot(NetBoot boot) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("kernel", new Json.Str(boot.getKernel()));
    members.put("initrd", texts(boot.getInitrdList()));
    members.put("args", texts(boot.getArgsList()));
    return new Json.Obj(members);
  }

  private static Json texts(List<String> texts) {
    return new Json.Arr(texts.stream().<Json>map(Json.Str::new).toList());
  }
}
