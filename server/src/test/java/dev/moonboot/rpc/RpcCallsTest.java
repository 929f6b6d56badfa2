package dev.moonboot.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.profile.CatalogWatcher;
import dev.moonboot.rpc.pb.GenericDeleteRequest;
import dev.moonboot.rpc.pb.GenericGetRequest;
import dev.moonboot.rpc.pb.GenericGrpc;
import dev.moonboot.rpc.pb.GenericPutRequest;
import dev.moonboot.rpc.pb.Group;
import dev.moonboot.rpc.pb.GroupDeleteRequest;
import dev.moonboot.rpc.pb.GroupGetRequest;
import dev.moonboot.rpc.pb.GroupListRequest;
import dev.moonboot.rpc.pb.GroupPutRequest;
import dev.moonboot.rpc.pb.GroupsGrpc;
import dev.moonboot.rpc.pb.IgnitionDeleteRequest;
import dev.moonboot.rpc.pb.IgnitionGetRequest;
import dev.moonboot.rpc.pb.IgnitionGrpc;
import dev.moonboot.rpc.pb.IgnitionPutRequest;
import dev.moonboot.rpc.pb.NetBoot;
import dev.moonboot.rpc.pb.Profile;
import dev.moonboot.rpc.pb.ProfileDeleteRequest;
import dev.moonboot.rpc.pb.ProfileGetRequest;
import dev.moonboot.rpc.pb.ProfileListRequest;
import dev.moonboot.rpc.pb.ProfilePutRequest;
import dev.moonboot.rpc.pb.ProfilesGrpc;
import dev.moonboot.rpc.pb.SelectGroupRequest;
import dev.moonboot.rpc.pb.SelectGrpc;
import dev.moonboot.rpc.pb.SelectProfileRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client made from stock grpc-java stubs sees. */
class RpcCallsTest {
  @TempDir private static Path certificates;
  private static Authority authority;

  @TempDir private Path data;
  private RpcLab lab;
  private ManagedChannel client;

  @BeforeAll
  static void authority() throws IOException {
    authority = new Authority(certificates.resolve("ca"));
    authority.issue("server", "server");
    authority.issue("terraform", "client");
  }

  @BeforeEach
  void start() {
    lab = new RpcLab(authority, data);
    client = lab.client("terraform");
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  /** As after a restart of the service. */
  private void restart() {
    lab.close();
    start();
  }

  private GroupsGrpc.GroupsBlockingStub groups() {
    return GroupsGrpc.newBlockingStub(client);
  }

  private ProfilesGrpc.ProfilesBlockingStub profiles() {
    return ProfilesGrpc.newBlockingStub(client);
  }

  private IgnitionGrpc.IgnitionBlockingStub ignition() {
    return IgnitionGrpc.newBlockingStub(client);
  }

  private GenericGrpc.GenericBlockingStub generic() {
    return GenericGrpc.newBlockingStub(client);
  }

  private void put(Group group) {
    var _ = groups().groupPut(GroupPutRequest.newBuilder().setGroup(group).build());
  }

  private void put(Profile profile) {
    var _ = profiles().profilePut(ProfilePutRequest.newBuilder().setProfile(profile).build());
  }

  private Group group(String id) {
    return groups().groupGet(GroupGetRequest.newBuilder().setId(id).build()).getGroup();
  }

  private Profile profile(String id) {
    return profiles().profileGet(ProfileGetRequest.newBuilder().setId(id).build()).getProfile();
  }

  private void putGeneric(String name, ByteString config) {
    var _ =
        generic()
            .genericPut(GenericPutRequest.newBuilder().setName(name).setConfig(config).build());
  }

  private ByteString generic(String name) {
    return generic().genericGet(GenericGetRequest.newBuilder().setName(name).build()).getConfig();
  }

  private static Status failure(Executable call) {
    return assertThrows(StatusRuntimeException.class, call).getStatus();
  }

  private static Group talos(String id) {
    return Group.newBuilder()
        .setId(id)
        .setProfile("talos")
        .putSelector("mac", "52:54:00:a1:9c:ae")
        .setMetadata(ByteString.copyFromUtf8("{\"user\":\"core\"}"))
        .build();
  }

  private static final Profile TALOS =
      Profile.newBuilder()
          .setId("talos")
          .setGenericId("talos")
          .setBoot(
              NetBoot.newBuilder()
                  .setKernel("/assets/talos/custom/vmlinuz-arm64")
                  .addInitrd("/assets/talos/custom/initramfs-arm64.xz")
                  .addInitrd("/assets/talos/custom/initramfs-arm64.xz")
                  .addArgs("talos.platform=metal")
                  .addArgs("console=ttyAMA0")
                  .addArgs("console=tty0"))
          .build();

  @Test
  void g_07_all_services_create_read_list_select_and_delete() {
    put(talos("pi"));
    put(TALOS);
    putGeneric("talos", ByteString.copyFromUtf8("a: {{.user}}\n"));
    var _ =
        ignition()
            .ignitionPut(
                IgnitionPutRequest.newBuilder()
                    .setName("x.ign")
                    .setConfig(ByteString.copyFromUtf8("{}"))
                    .build());
    assertEquals(talos("pi"), group("pi"));
    assertEquals(TALOS, profile("talos"));
    assertEquals("a: {{.user}}\n", generic("talos").toStringUtf8());
    assertEquals(
        "{}",
        ignition()
            .ignitionGet(IgnitionGetRequest.newBuilder().setName("x.ign").build())
            .getConfig()
            .toStringUtf8());
    assertEquals(
        List.of(talos("pi")),
        groups().groupList(GroupListRequest.getDefaultInstance()).getGroupsList());
    assertEquals(
        List.of(TALOS),
        profiles().profileList(ProfileListRequest.getDefaultInstance()).getProfilesList());
    var select = SelectGrpc.newBlockingStub(client);
    Map<String, String> labels = Map.of("mac", "52:54:00:a1:9c:ae");
    assertEquals(
        talos("pi"),
        select
            .selectGroup(SelectGroupRequest.newBuilder().putAllLabels(labels).build())
            .getGroup());
    assertEquals(
        TALOS,
        select
            .selectProfile(SelectProfileRequest.newBuilder().putAllLabels(labels).build())
            .getProfile());
    delete("pi", "talos");
    assertEquals(Code.NOT_FOUND, failure(() -> group("pi")).getCode());
    assertEquals(Code.NOT_FOUND, failure(() -> profile("talos")).getCode());
    assertEquals(Code.NOT_FOUND, failure(() -> generic("talos")).getCode());
  }

  /** Twice, as a destroy that failed half-way is repeated. */
  private void delete(String group, String profile) {
    for (int i = 0; i < 2; i++) {
      var _ = groups().groupDelete(GroupDeleteRequest.newBuilder().setId(group).build());
      var _ = profiles().profileDelete(ProfileDeleteRequest.newBuilder().setId(profile).build());
      var _ = generic().genericDelete(GenericDeleteRequest.newBuilder().setName(profile).build());
      var _ =
          ignition().ignitionDelete(IgnitionDeleteRequest.newBuilder().setName("x.ign").build());
    }
  }

  /** The calls of terraform-provider-matchbox for a profile and a group, with restarts between. */
  @Test
  void g_07_terraform_creates_reads_and_destroys() throws IOException {
    Profile worker =
        Profile.newBuilder()
            .setId("worker")
            .setIgnitionId("worker.ign")
            .setBoot(NetBoot.getDefaultInstance())
            .build();
    put(worker);
    var _ =
        ignition()
            .ignitionPut(
                IgnitionPutRequest.newBuilder()
                    .setName("worker.ign")
                    .setConfig(ByteString.copyFromUtf8("baz"))
                    .build());
    assertTrue(profile("worker").hasBoot(), "or the provider crashes");
    put(
        Group.newBuilder()
            .setId("minimal")
            .setProfile("worker")
            .setMetadata(ByteString.copyFromUtf8("{}"))
            .build());
    assertEquals(
        Group.newBuilder().setId("minimal").setProfile("worker").build(), group("minimal"));
    restart();
    assertEquals(worker, profile("worker"));
    assertEquals("baz", Files.readString(data.resolve("ignition/worker.ign")));
    assertEquals(
        "{\n\t\"id\": \"minimal\",\n\t\"profile\": \"worker\"\n}",
        Files.readString(data.resolve("groups/minimal.json")));
    delete("minimal", "worker");
    restart();
    assertEquals(Code.NOT_FOUND, failure(() -> group("minimal")).getCode());
  }

  @Test
  void g_07_files_come_back_byte_for_byte() throws IOException {
    byte[] all = new byte[1 << 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) ((i * 31) >> 3);
    }
    for (ByteString config :
        List.of(
            ByteString.copyFrom(all),
            ByteString.EMPTY,
            ByteString.copyFromUtf8("{{ .x \r\n"),
            ByteString.copyFrom(new byte[4_000_000]))) {
      putGeneric("Some file.yaml", config);
      assertEquals(config, generic("Some file.yaml"));
      assertArrayEquals(
          config.toByteArray(), Files.readAllBytes(data.resolve("generic/Some file.yaml")));
    }
  }

  @Test
  void five_hundred_puts_ten_at_a_time_are_all_there() throws Exception {
    try (var threads = Executors.newFixedThreadPool(10)) {
      List<Future<?>> puts = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        String id = "node-" + i;
        puts.add(
            threads.submit(() -> {
              put(talos(id));
              assertEquals(talos(id), group(id));
            }));
      }
      for (Future<?> put : puts) {
        put.get();
      }
    }
    assertEquals(500, groups().groupList(GroupListRequest.getDefaultInstance()).getGroupsCount());
    try (CatalogWatcher read = new CatalogWatcher(data)) {
      assertEquals(500, read.current().groups().size());
    }
  }

  @Test
  void lists_leave_out_what_cannot_be_used_and_are_in_the_order_of_file_names() throws IOException {
    put(talos("a"));
    put(talos("a-b"));
    put(talos("B"));
    Files.writeString(data.resolve("groups/bad.json"), "{");
    lab.catalog.refresh();
    assertEquals(
        List.of("B", "a-b", "a"),
        groups().groupList(GroupListRequest.getDefaultInstance()).getGroupsList().stream()
            .map(Group::getId)
            .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../profiles/x", "..", ".", "a/b", "a\0b", "/etc/passwd", ".x", "a\nb", "\u202ex"})
  void g_08_what_is_no_file_name_is_no_id(String id) throws IOException {
    assertEquals(Code.INVALID_ARGUMENT, failure(() -> put(talos(id))).getCode());
    assertEquals(
        Code.INVALID_ARGUMENT, failure(() -> put(TALOS.toBuilder().setId(id).build())).getCode());
    assertEquals(Code.INVALID_ARGUMENT, failure(() -> putGeneric(id, ByteString.EMPTY)).getCode());
    assertEquals(Code.INVALID_ARGUMENT, failure(() -> group(id)).getCode());
    assertEquals(Code.INVALID_ARGUMENT, failure(() -> generic(id)).getCode());
    assertEquals(
        Code.INVALID_ARGUMENT,
        failure(() -> ignition().ignitionPut(IgnitionPutRequest.newBuilder().setName(id).build()))
            .getCode());
    assertEquals(
        Code.INVALID_ARGUMENT,
        failure(() -> profiles().profileDelete(ProfileDeleteRequest.newBuilder().setId(id).build()))
            .getCode());
    try (var files = Files.list(data)) {
      assertEquals(List.of(), files.toList());
    }
    assertEquals(List.of(), lab.audit);
  }

  @Test
  void g_09_neither_reflection_nor_health_can_be_reached() {
    for (String method :
        List.of(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
            "/grpc.health.v1.Health/Check",
            "/grpc.channelz.v1.Channelz/GetServers",
            "/rpcpb.Groups/GroupDrop")) {
      assertEquals(
          Code.UNIMPLEMENTED, RpcLab.status(client, method, new byte[0]).getCode(), method);
      assertEquals(
          Code.UNAVAILABLE,
          RpcLab.status(lab.client(null, null), method, new byte[0]).getCode(),
          method);
    }
  }

  @Test
  void what_is_wrong_is_told_with_its_field() {
    Profile bad =
        TALOS.toBuilder().setBoot(TALOS.getBoot().toBuilder().addArgs("x || reboot")).build();
    assertEquals(
        "profile \"talos\" cannot be used as it is, and nothing was changed: /boot/args/3 has the"
            + " word \"||\", which iPXE reads as a command, not as text",
        failure(() -> put(bad)).getDescription());
    assertEquals(
        "group \"pi\" requires a profile: it is empty",
        failure(() -> put(Group.newBuilder().setId("pi").build())).getDescription());
    Group bad2 = talos("pi").toBuilder().setMetadata(ByteString.copyFromUtf8("[1]")).build();
    assertEquals(
        "metadata must be a JSON object such as {\"key\": \"value\"}",
        failure(() -> put(bad2)).getDescription());
    assertFalse(Files.exists(data.resolve("groups")));
  }

  @Test
  void a_change_is_written_down_with_the_certificate_before_it_is_made() throws Exception {
    put(talos("pi"));
    AuditEvent event = lab.audit.getFirst();
    assertEquals("group.put", event.event());
    assertEquals(Actor.Type.CERT, event.actor().type());
    assertTrue(event.actor().id().matches("sha256:[0-9a-f]{64}"), event.actor().id());
    assertTrue(event.actor().source().matches("127\\.0\\.0\\.1:\\d+ grpc"), event.actor().source());
    assertEquals("CN=terraform", event.details().get("subject"));
    assertEquals("Groups/GroupPut", event.details().get("method"));
    assertEquals(Map.of("group", "pi"), event.target());
    assertTrue(
        lab.meters
            .scrape()
            .contains("moonboot_rpc_calls_total{code=\"OK\",method=\"Groups/GroupPut\"} 1.0"),
        lab.meters.scrape());
  }

  @Test
  void where_nothing_can_be_written_the_setting_to_change_is_told() throws IOException {
    lab.close();
    Path file = Files.writeString(data.resolve("file"), "in the way");
    Path before = data;
    data = file.resolve("data");
    start();
    Status status = failure(() -> put(talos("pi")));
    data = before;
    assertEquals(Code.FAILED_PRECONDITION, status.getCode());
    assertTrue(
        String.valueOf(status.getDescription()).contains("StateDirectory"), status::toString);
  }

  @Test
  void metadata_numbers_are_those_of_go() {
    put(
        talos("pi").toBuilder()
            .setMetadata(ByteString.copyFromUtf8("{\"b\":12345678901234567890,\"a\":1e21}"))
            .build());
    assertEquals(
        "{\"a\":1e+21,\"b\":12345678901234567000}", group("pi").getMetadata().toString(UTF_8));
  }
}
