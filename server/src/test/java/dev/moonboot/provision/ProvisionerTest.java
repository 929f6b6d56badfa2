package dev.moonboot.provision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.ignition.Ignition;
import dev.moonboot.ignition.Normalized;
import dev.moonboot.ignition.Translation;
import dev.moonboot.ignition.Translator;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.node.NodeLabels.Controls;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.profile.UnknownNodes.Boot;
import dev.moonboot.provision.Answer.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvisionerTest {
  private static final String KNOWN = "mac=52:54:00:00:00:01&role=worker";
  private static final String STRANGER = "mac=52:54:00:00:00:99";

  @TempDir Path data;
  private UnknownNodes unknownNodes = UnknownNodes.DEFAULT;
  private Translator butane = Translator.none();
  private MatchboxWays ways = MatchboxWays.NONE;

  @BeforeEach
  void write() throws IOException {
    write(
        "groups/one.json",
        """
        {"profile":"talos","selector":{"mac":"52:54:00:00:00:01"},"metadata":{"token":"abc"}}
        """);
    write("groups/all.json", "{\"profile\":\"talos\",\"metadata\":{\"token\":\"of all\"}}");
    write(
        "profiles/talos.json",
        """
        {"id":"talos","generic_id":"t.yaml","cloud_id":"c","ignition_id":"i.yaml"}
        """);
    write("profiles/waiting.json", "{\"id\":\"waiting\",\"generic_id\":\"wait\"}");
    write("generic/t.yaml", "token: {{.token}}\n");
    write("generic/wait", "wait {{.request.query.mac}}{{range $k, $v := .}} {{$k}}{{end}}\n");
    write("cloud/c", "#cloud-config\ntoken: {{.token}}\n");
    write("ignition/i.yaml", "variant: flatcar {{.token}}\n");
  }

  private void write(String name, String text) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Provisioner provisioner() {
    return new Provisioner(new CatalogReader(data)::read, unknownNodes, butane, ways);
  }

  private Answer generic(String query) {
    return provisioner().generic(NodeLabels.of(query));
  }

  private static Answer.Text text(String text, String type) {
    return new Answer.Text(text, type, new Source("one", "talos"));
  }

  private static Answer none(String why) {
    return new Answer.None(why, "");
  }

  @Test
  void a_template_is_filled_with_the_data_of_the_node() {
    assertEquals(text("token: abc\n", ""), generic(KNOWN));
    assertEquals(
        text("#cloud-config\ntoken: abc\n", ""), provisioner().cloud(NodeLabels.of(KNOWN)));
  }

  @Test
  void metadata_needs_no_profile() throws IOException {
    write("groups/one.json", "{\"profile\":\"gone\",\"selector\":{\"mac\":\"52:54:00:00:00:01\"}}");
    assertEquals(
        new Answer.Text(
            """
            MAC=52:54:00:00:00:01
            REQUEST_QUERY_MAC=52:54:00:00:00:01
            REQUEST_QUERY_ROLE=worker
            REQUEST_RAW_QUERY=mac=52:54:00:00:00:01&role=worker
            """,
            "plain/text",
            new Source("one", "")),
        provisioner().metadata(NodeLabels.of(KNOWN)));
    assertEquals(
        none("group one names the profile \"gone\", which is missing or cannot be used"),
        generic(KNOWN));
  }

  @Test
  void what_is_missing_is_named() throws IOException {
    write("profiles/talos.json", "{\"id\":\"talos\",\"cloud_id\":\"gone\"}");
    assertEquals(none("profile talos names no file for /generic (generic_id)"), generic(KNOWN));
    assertEquals(
        none("profile talos names cloud/gone, which is missing or cannot be used"),
        provisioner().cloud(NodeLabels.of(KNOWN)));
    Files.delete(data.resolve("groups/all.json"));
    assertEquals(none("no group matches"), generic(STRANGER));
  }

  @Test
  void names_climb_into_folders_of_config_files_only() throws IOException {
    write("profiles/talos.json", "{\"id\":\"talos\",\"generic_id\":\"../cloud/c\"}");
    assertEquals(text("#cloud-config\ntoken: abc\n", ""), generic(KNOWN));
    write("assets/machine/worker.yaml", "a secret");
    write(
        "profiles/talos.json",
        "{\"id\":\"talos\",\"generic_id\":\"x/../../assets/machine/worker.yaml\"}");
    assertInstanceOf(Answer.None.class, generic(KNOWN));
    write("profiles/talos.json", "{\"id\":\"talos\",\"generic_id\":\"../groups/one.json\"}");
    assertInstanceOf(Answer.None.class, generic(KNOWN));
  }

  @Test
  void why_a_template_fails_is_for_the_log_only() throws IOException {
    write("generic/t.yaml", "a secret {{.nothing}}\n");
    Answer.None answer = assertInstanceOf(Answer.None.class, generic(KNOWN));
    assertEquals("generic/t.yaml of profile talos cannot be rendered for this node", answer.why());
    assertTrue(answer.detail().contains("nothing"), answer.detail());
  }

  @Test
  void a_cloud_config_that_is_none_is_not_sent() throws IOException {
    write("cloud/c", "#cloud-config\na: [\n");
    Answer.None answer =
        assertInstanceOf(Answer.None.class, provisioner().cloud(NodeLabels.of(KNOWN)));
    assertEquals("cloud/c of profile talos is no cloud-config", answer.why());
  }

  @Test
  void unknown_nodes_that_get_nothing_get_no_config_either() {
    unknownNodes = new UnknownNodes(Boot.NOTHING, null);
    String why =
        "no group selects the node by mac, uuid or serial, and unknown-nodes.boot is nothing";
    NodeLabels stranger = NodeLabels.of(STRANGER);
    Provisioner provisioner = provisioner();
    assertEquals(none(why), provisioner.metadata(stranger));
    assertEquals(none(why), provisioner.generic(stranger));
    assertEquals(none(why), provisioner.cloud(stranger));
    assertEquals(none(why), provisioner.ignition(stranger));
    assertEquals(text("token: abc\n", ""), generic(KNOWN));
  }

  @Test
  void in_quarantine_a_node_learns_nothing_of_the_group_that_matches() {
    unknownNodes = new UnknownNodes(Boot.QUARANTINE, "waiting");
    assertEquals(
        new Answer.Text("wait 52:54:00:00:00:99 request\n", "", new Source("", "waiting")),
        generic(STRANGER));
    assertEquals(
        new Answer.Text(
            """
            REQUEST_QUERY_MAC=52:54:00:00:00:99
            REQUEST_RAW_QUERY=mac=52:54:00:00:00:99
            """,
            "plain/text",
            new Source("", "")),
        provisioner().metadata(NodeLabels.of(STRANGER)));
    assertEquals(
        none("profile waiting names no file for /cloud (cloud_id)"),
        provisioner().cloud(NodeLabels.of(STRANGER)));
  }

  @Test
  void butane_is_rendered_and_then_translated() {
    butane =
        text -> new Translation.Made(new Normalized.Config("{\"of\":\"" + text.strip() + "\"}"));
    assertEquals(
        text("{\"of\":\"variant: flatcar abc\"}", "application/json"),
        provisioner().ignition(NodeLabels.of(KNOWN)));
  }

  @Test
  void butane_that_cannot_be_tried_now_is_to_be_asked_for_again() {
    butane = _ -> new Translation.NotNow("busy");
    assertEquals(
        new Answer.NotNow("ignition/i.yaml of profile talos: busy"),
        provisioner().ignition(NodeLabels.of(KNOWN)));
  }

  @Test
  void without_butane_there_is_no_ignition_and_the_blank_one_least_of_all() {
    ways = new MatchboxWays(true, true, true);
    Answer.None answer =
        assertInstanceOf(Answer.None.class, provisioner().ignition(NodeLabels.of(KNOWN)));
    assertEquals("ignition/i.yaml of profile talos cannot be used as Ignition", answer.why());
    assertTrue(answer.detail().contains("provision.butane"), answer.detail());
  }

  @Test
  void raw_ignition_that_cannot_be_used_is_blank_only_by_request() throws IOException {
    write("profiles/talos.json", "{\"id\":\"talos\",\"ignition_id\":\"i.ign\"}");
    write("ignition/i.ign", "{{garbage");
    assertEquals(
        "ignition/i.ign of profile talos cannot be used as Ignition",
        assertInstanceOf(Answer.None.class, provisioner().ignition(NodeLabels.of(KNOWN))).why());
    ways = new MatchboxWays(true, false, false);
    assertEquals(
        text(Ignition.BLANK, "application/json"), provisioner().ignition(NodeLabels.of(KNOWN)));
  }

  @Test
  void control_characters_are_filled_in_only_by_request() throws IOException {
    write("generic/t.yaml", "{{index .request.query \"x\"}}");
    String query = KNOWN + "&x=a%0Ab";
    assertEquals(text("", ""), generic(query));
    assertEquals(text("a\nb", ""), provisioner().generic(NodeLabels.of(query, Controls.KEPT)));
  }

  @Test
  void a_template_fills_what_it_takes_itself_and_a_quarter_of_a_mebibyte() throws IOException {
    String most = "é".repeat(300 << 10);
    write("generic/t.yaml", most);
    assertEquals(text(most, ""), generic(KNOWN));
    write("generic/t.yaml", "{{range .l}}{{range $.l}}" + "x".repeat(1000) + "{{end}}{{end}}");
    String list = "0" + ",0".repeat(99);
    write(
        "groups/one.json",
        "{\"profile\":\"talos\",\"selector\":{\"mac\":\"52:54:00:00:00:01\"},\"metadata\":{\"l\":["
            + list
            + "]}}");
    assertEquals(
        "generic/t.yaml of profile talos cannot be rendered for this node",
        assertInstanceOf(Answer.None.class, generic(KNOWN)).why());
  }
}
