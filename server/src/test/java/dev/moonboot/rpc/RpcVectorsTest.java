package dev.moonboot.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.rpc.pb.IgnitionPutRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What matchbox answered to 74 calls in a row, and what it then had in its files. What is answered
 * otherwise stands in docs/matchbox-compat.md, and nothing else does.
 */
class RpcVectorsTest {
  /** {@code | 43, 44 | … | UNKNOWN | NOT_FOUND | … |} */
  private static final Pattern ROW =
      Pattern.compile("\\| ([0-9, to]+) \\|[^|]*\\|[^|]*\\| ([A-Z_]+)[^|]*\\|[^|]*\\|");

  @TempDir private Path folder;

  private static List<Json.Obj> vectors() throws IOException {
    try (InputStream in = RpcVectorsTest.class.getResourceAsStream("grpc-vectors.json")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      return ((Json.Arr) JsonText.parse(text)).items().stream().map(Json.Obj.class::cast).toList();
    }
  }

  /** The table of the documentation: number of a call to our code for it. */
  private static Map<Integer, String> wanted() throws IOException {
    String page = Files.readString(Path.of("../docs/matchbox-compat.md"));
    Map<Integer, String> wanted = new TreeMap<>();
    for (Matcher row = ROW.matcher(page.substring(page.indexOf("## gRPC"))); row.find(); ) {
      for (String numbers : row.group(1).split(", ", -1)) {
        String[] range = numbers.split(" to ", -1);
        for (int n = Integer.parseInt(range[0]);
            n <= Integer.parseInt(range[range.length - 1]);
            n++) {
          wanted.put(n, row.group(2));
        }
      }
    }
    return wanted;
  }

  @Test
  void g_07_every_recorded_call_is_answered_as_matchbox_does_or_as_the_documentation_says()
      throws IOException {
    Authority authority = new Authority(folder.resolve("ca"));
    authority.issue("server", "server");
    authority.issue("client", "client");
    Path data = Files.createDirectories(folder.resolve("data"));
    Map<Integer, String> wanted = wanted();
    TreeSet<Integer> differing = new TreeSet<>();
    try (RpcLab lab = new RpcLab(authority, data)) {
      ManagedChannel client = lab.client("client");
      for (Json.Obj vector : vectors()) {
        if (vector.text("op").orElseThrow().equals("check_file")) {
          String file = vector.text("path").orElseThrow();
          assertEquals(
              vector.text("content").orElseThrow(), Files.readString(data.resolve(file)), file);
        } else if (differs(client, vector, wanted)) {
          differing.add(vector.integer("n").orElseThrow().intValue());
        }
      }
    }
    assertEquals(wanted.keySet(), differing);
  }

  private static boolean differs(
      ManagedChannel client, Json.Obj vector, Map<Integer, String> wanted) {
    int n = vector.integer("n").orElseThrow().intValue();
    String step = n + " " + vector.text("step").orElseThrow();
    String was = upper(vector.text("code").orElseThrow());
    String is;
    String answer = "";
    try {
      answer =
          HexFormat.of()
              .formatHex(
                  RpcLab.call(client, vector.text("method").orElseThrow(), request(n, vector)));
      is = "OK";
    } catch (StatusRuntimeException e) {
      is = e.getStatus().getCode().name();
      assertTrue(
          e.getStatus().getCode() != Status.Code.NOT_FOUND
              || !was.equals("NOT_FOUND")
              || vector.text("message").orElse("").equals(e.getStatus().getDescription()),
          () -> step + ": " + e.getStatus());
    }
    if (wanted.containsKey(n)) {
      assertEquals(wanted.get(n), is, step);
    } else {
      assertEquals(was, is, step);
      assertEquals(vector.text("response_hex").orElse(""), answer, step);
    }
    return !was.equals(is) || !vector.text("response_hex").orElse("").equals(answer);
  }

  /** One request is recorded without its 5 MiB of zeros. */
  private static byte[] request(int n, Json.Obj vector) {
    byte[] request = HexFormat.of().parseHex(vector.text("request_hex").orElseThrow());
    if (n != 63) {
      return request;
    }
    return IgnitionPutRequest.newBuilder()
        .setName("big")
        .setConfig(ByteString.copyFrom(new byte[5 << 20]))
        .build()
        .toByteArray();
  }

  /** {@code NotFound} is {@code NOT_FOUND}. */
  private static String upper(String code) {
    return code.equals("OK")
        ? code
        : code.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }
}
