package dev.moonboot.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.rpc.pb.GenericPutRequest;
import dev.moonboot.tls.CertificateFile;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which client may do what, where that is configured. */
class RpcRolesTest {
  private static final String LIST = "/rpcpb.Groups/GroupList";
  private static final String PUT = "/rpcpb.Generic/GenericPut";
  private static final byte[] NOTHING = {};
  private static final byte[] FILE =
      GenericPutRequest.newBuilder()
          .setName("x")
          .setConfig(ByteString.copyFromUtf8("x"))
          .build()
          .toByteArray();

  @TempDir private Path folder;

  @Test
  void g_03_who_is_not_listed_may_nothing_and_who_reads_may_not_write() throws Exception {
    Authority authority = new Authority(folder.resolve("ca"));
    for (String client : List.of("writer", "reader", "nobody")) {
      authority.issue(client, "client");
    }
    authority.issue("server", "server");
    Path data = Files.createDirectories(folder.resolve("data"));
    Fingerprint writer =
        Fingerprint.of(CertificateFile.read(authority.file("writer.crt")).getFirst());
    ClientRoles roles =
        new ClientRoles(
            List.of(
                new ClientRoles.Entry("reader", null, ClientRole.READ),
                new ClientRoles.Entry(null, writer, ClientRole.WRITE)));
    try (RpcLab lab = new RpcLab(authority, data, roles, null, Duration.ofSeconds(60))) {
      assertEquals(Status.OK, RpcLab.status(lab.client("writer"), PUT, FILE));
      assertEquals(Status.OK, RpcLab.status(lab.client("writer"), LIST, NOTHING));
      assertEquals(Status.OK, RpcLab.status(lab.client("reader"), LIST, NOTHING));
      lab.audit.clear();
      Status reader = RpcLab.status(lab.client("reader"), PUT, FILE);
      assertEquals(Code.PERMISSION_DENIED, reader.getCode());
      assertTrue(
          String.valueOf(reader.getDescription()).endsWith("has the role read, this needs write"));
      Status nobody = RpcLab.status(lab.client("nobody"), LIST, NOTHING);
      assertEquals(Code.PERMISSION_DENIED, nobody.getCode());
      AuditEvent event = lab.audit.getLast();
      Fingerprint its =
          Fingerprint.of(CertificateFile.read(authority.file("nobody.crt")).getFirst());
      assertEquals("auth.forbidden", event.event());
      assertEquals("refused", event.outcome());
      assertEquals(its.text(), event.actor().id());
      assertEquals("CN=nobody", event.details().get("subject"));
      assertEquals(2, lab.audit.size());
      assertTrue(
          lab.meters.scrape().contains("code=\"PERMISSION_DENIED\",method=\"Groups/GroupList\""));
    }
  }

  @Test
  void g_03_an_alternative_name_does_too() throws Exception {
    Authority authority = new Authority(folder.resolve("ca"));
    authority.issue("server", "server");
    authority.issue("any", "client");
    Path data = Files.createDirectories(folder.resolve("data"));
    ClientRoles roles =
        new ClientRoles(List.of(new ClientRoles.Entry("client.example", null, ClientRole.WRITE)));
    try (RpcLab lab = new RpcLab(authority, data, roles, null, Duration.ofSeconds(60))) {
      assertEquals(Status.OK, RpcLab.status(lab.client("any"), PUT, FILE));
    }
  }
}
