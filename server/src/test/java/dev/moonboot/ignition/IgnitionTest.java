package dev.moonboot.ignition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.Fuzz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The form is that of Ignition's own library, to which the same configs were given. */
class IgnitionTest {
  private static final String MINIMAL =
      Ignition.BLANK.replace("\"version\":\"\"", "\"version\":\"3.4.0\"");

  private static String config(String text) {
    return switch (Ignition.normalize(text)) {
      case Normalized.Config(var json) -> json;
      case Normalized.Unusable(var why) -> throw new AssertionError(why);
    };
  }

  private static String why(String text) {
    return switch (Ignition.normalize(text)) {
      case Normalized.Config(var json) -> throw new AssertionError(json);
      case Normalized.Unusable(var why) -> why;
    };
  }

  /** The section of a config of spec 3.{@code minor}, and what becomes of it. */
  private static String section(int minor, String name, String json) {
    String all =
        config("{\"ignition\":{\"version\":\"3." + minor + ".0\"},\"" + name + "\":" + json + "}");
    int from = all.indexOf("},\"" + name + "\":") + name.length() + 5;
    String following =
        switch (name) {
          case "kernelArguments" -> ",\"passwd\":";
          case "passwd" -> ",\"storage\":";
          case "storage" -> ",\"systemd\":";
          default -> "";
        };
    return all.substring(
        from, following.isEmpty() ? all.length() - 1 : all.indexOf(following, from));
  }

  private static String storage(int minor, String json) {
    return section(minor, "storage", json);
  }

  private static String why(int minor, String name, String json) {
    return why("{\"ignition\":{\"version\":\"3." + minor + ".0\"},\"" + name + "\":" + json + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0.0", "3.1.0", "3.2.0", "3.3.0", "3.4.0"})
  void every_version_that_is_read_becomes_3_4(String version) {
    assertEquals(MINIMAL, config("{\"ignition\":{\"version\":\"" + version + "\"}}"));
  }

  @ParameterizedTest
  @CsvSource({
    "2.2.0, the config is of spec 2.2.0 and only 3.0.0 to 3.4.0 are read",
    "3.5.0, the config is of spec 3.5.0 and only 3.0.0 to 3.4.0 are read",
    "3.4.1, the config is of spec 3.4.1 and only 3.0.0 to 3.4.0 are read",
    "3.4.0-experimental,"
        + " the config is of spec 3.4.0-experimental and only 3.0.0 to 3.4.0 are read",
    "3.4, ignition.version is no version",
    "v3.4.0, ignition.version is no version",
  })
  void other_versions_are_named(String version, String why) {
    assertEquals(why, why("{\"ignition\":{\"version\":\"" + version + "\"}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                          | the config is empty",
        "baz                         | the config is not JSON, line 1, column 1",
        "'{\"ignition\":{}}  x'      | the config is not JSON, line 1, column 18",
        "[]                          | the config is not a JSON object",
        "null                        | the config is not a JSON object",
        "{}                          | ignition.version is missing: a config of spec 3.0.0 to 3.4.0"
            + " says so",
        "{\"ignition\":{}}           | ignition.version is missing, or is no text",
        "{\"ignition\":{\"version\":3}} | ignition.version is missing, or is no text",
        "{\"ignition\":[]}           | ignition.version is missing: a config of spec 3.0.0 to 3.4.0"
            + " says so",
      })
  void what_is_no_config_is_told(String text, String why) {
    assertEquals(why, why(text));
  }

  @Test
  void a_normal_config_stays_as_it_is() {
    String normal =
        "{\"ignition\":{\"config\":{\"replace\":{\"verification\":{}}},\"proxy\":{},"
            + "\"security\":{\"tls\":{}},\"timeouts\":{},\"version\":\"3.4.0\"},"
            + "\"kernelArguments\":{},\"passwd\":{\"users\":[{\"name\":\"ops\","
            + "\"sshAuthorizedKeys\":[\"k1\"]}]},\"storage\":{},\"systemd\":{\"units\":"
            + "[{\"enabled\":false,\"name\":\"x.service\"}]}}";
    assertEquals(normal, config(normal));
    assertEquals(normal, config(normal.replace("3.4.0", "3.1.0")));
  }

  @Test
  void unknown_keys_are_left_out() {
    assertEquals(
        MINIMAL, config("{\"ignition\":{\"version\":\"3.4.0\",\"y\":null},\"zzz\":{\"a\":1}}"));
  }

  @Test
  void what_came_with_a_later_spec_is_unknown_to_an_earlier_one() {
    String all =
        "{\"luks\":[{\"name\":\"l\",\"device\":\"/d\",\"discard\":true}],"
            + "\"disks\":[{\"device\":\"/d\",\"partitions\":[{\"number\":1,\"resize\":true}]}]}";
    String disks = "\"disks\":[{\"device\":\"/d\",\"partitions\":[{\"number\":1";
    String luks =
        "\"luks\":[{\"clevis\":{\"custom\":{}},\"device\":\"/d\",%s"
            + "\"keyFile\":{\"verification\":{}},\"name\":\"l\"}]}";
    assertEquals("{" + disks + "}]}]}", storage(1, all));
    assertEquals("{" + disks + ",\"resize\":true}]}]," + luks.formatted(""), storage(2, all));
    assertEquals(
        "{" + disks + ",\"resize\":true}]}]," + luks.formatted("\"discard\":true,"),
        storage(4, all));
  }

  @Test
  void names_are_read_in_any_case_and_null_is_nothing() {
    assertEquals(
        MINIMAL.replace("\"passwd\":{}", "\"passwd\":{\"users\":[{\"name\":\"a\",\"uid\":7}]}"),
        config(
            "{\"IGNITION\":{\"Version\":\"3.4.0\",\"proxy\":null},\"pa\u017fswd\":"
                + "{\"uſers\":[{\"NAME\":\"a\",\"uid\":7,\"system\":null}],\"groups\":null}}"));
  }

  @Test
  void of_names_that_stand_twice_the_last_counts() {
    assertEquals(
        "{\"users\":[{\"name\":\"b\"}]}",
        section(4, "passwd", "{\"users\":[{\"name\":\"a\",\"Name\":\"b\"}]}"));
    assertEquals(
        "{\"users\":[{\"name\":\"b\"}]}",
        section(4, "passwd", "{\"users\":[{\"name\":\"a\",\"name\":\"b\"}]}"));
  }

  @Test
  void text_is_escaped_as_go_does_it() {
    assertEquals(
        "{\"users\":[{\"name\":\"\\u003ca\\u003e\\u0026\\u2028\\u0001\u007f\\b\\f\\n\\\"ä\ufffd\"}]}",
        section(
            4,
            "passwd",
            "{\"users\":[{\"name\":\"<a>&\\u2028\\u0001\\u007f\\b\\f\\n\\\"\\u00e4\\ud800\"}]}"));
  }

  @Test
  void what_is_written_has_the_order_of_the_spec() {
    assertEquals(
        "{\"directories\":[{\"group\":{\"id\":1},\"overwrite\":false,\"path\":\"/d\","
            + "\"user\":{\"name\":\"u\"},\"mode\":493}],"
            + "\"disks\":[{\"device\":\"/dev/a\",\"partitions\":[{\"guid\":\"\",\"label\":\"x\","
            + "\"shouldExist\":true,\"sizeMiB\":2,\"startMiB\":1,\"typeGuid\":\"\","
            + "\"wipePartitionEntry\":true}],\"wipeTable\":true}],"
            + "\"files\":[{\"group\":{},\"path\":\"/f\",\"user\":{},\"append\":[{\"source\":"
            + "\"data:,a\",\"verification\":{}},{\"source\":\"data:,a\",\"verification\":{}}],"
            + "\"contents\":{\"compression\":\"gzip\",\"httpHeaders\":[{\"name\":\"A\",\"value\":"
            + "\"b\"}],\"source\":\"http://x/\",\"verification\":{\"hash\":\"sha256-"
            + "0".repeat(64)
            + "\"}}}],"
            + "\"filesystems\":[{\"device\":\"/dev/b\",\"format\":\"ext4\",\"label\":\"l\","
            + "\"mountOptions\":[\"a\"],\"options\":[\"-b\",\"-b\"],\"path\":\"/p\",\"uuid\":\"u\","
            + "\"wipeFilesystem\":false}],"
            + "\"links\":[{\"group\":{},\"path\":\"/l\",\"user\":{},\"hard\":false,"
            + "\"target\":\"t\"}],"
            + "\"luks\":[{\"clevis\":{\"custom\":{},\"tang\":[{\"advertisement\":\"{}\","
            + "\"thumbprint\":\"t\",\"url\":\"http://t/\"}],\"threshold\":1,\"tpm2\":true},"
            + "\"device\":\"/dev/c\",\"discard\":true,\"keyFile\":{\"verification\":{}},"
            + "\"label\":\"l\",\"name\":\"n\",\"openOptions\":[\"-o\"],\"options\":[\"-c\"],"
            + "\"uuid\":\"u\",\"wipeVolume\":true}],"
            + "\"raid\":[{\"devices\":[\"/dev/d\"],\"level\":\"raid1\",\"name\":\"r\","
            + "\"options\":[\"-r\"],\"spares\":1}]}",
        storage(
            4,
            """
            {"raid":[{"spares":1,"options":["-r"],"name":"r","level":"raid1","devices":["/dev/d"]}],
             "luks":[{"wipeVolume":true,"uuid":"u","options":["-c"],"openOptions":["-o"],"name":"n",
               "label":"l","discard":true,"device":"/dev/c","clevis":{"tpm2":true,"threshold":1,
               "tang":[{"url":"http://t/","thumbprint":"t","advertisement":"{}"}]}}],
             "links":[{"target":"t","hard":false,"path":"/l"}],
             "filesystems":[{"wipeFilesystem":false,"uuid":"u","path":"/p","options":["-b","-b"],
               "mountOptions":["a"],"label":"l","format":"ext4","device":"/dev/b"}],
             "files":[{"path":"/f","contents":{"verification":{"hash":"sha256-%s"},
               "source":"http://x/","httpHeaders":[{"value":"b","name":"A"}],"compression":"gzip"},
               "append":[{"source":"data:,a"},{"source":"data:,a"}]}],
             "disks":[{"wipeTable":true,"partitions":[{"wipePartitionEntry":true,"typeGuid":"",
               "startMiB":1,"sizeMiB":2,"shouldExist":true,"number":0,"label":"x","guid":""}],
               "device":"/dev/a"}],
             "directories":[{"mode":493,"user":{"name":"u"},"path":"/d","overwrite":false,
               "group":{"id":1}}]}
            """
                .formatted("0".repeat(64))));
  }

  @Test
  void all_of_the_ignition_section_is_written() {
    assertEquals(
        MINIMAL.replace(
            "{\"config\":{\"replace\":{\"verification\":{}}},\"proxy\":{},"
                + "\"security\":{\"tls\":{}},\"timeouts\":{},",
            "{\"config\":{\"merge\":[{\"source\":\"http://x/a\",\"verification\":{}}],"
                + "\"replace\":{\"source\":\"tftp://x/b\",\"verification\":{}}},"
                + "\"proxy\":{\"httpProxy\":\"http://p\",\"httpsProxy\":\"http://p\","
                + "\"noProxy\":[\"n\"]},\"security\":{\"tls\":{\"certificateAuthorities\":"
                + "[{\"source\":\"s3://b/k\",\"verification\":{}}]}},"
                + "\"timeouts\":{\"httpResponseHeaders\":1,\"httpTotal\":0},"),
        config(
            """
            {"ignition":{"version":"3.4.0","timeouts":{"httpTotal":0,"httpResponseHeaders":1},
             "security":{"tls":{"certificateAuthorities":[{"source":"s3://b/k"}]}},
             "proxy":{"noProxy":["n"],"httpsProxy":"http://p","httpProxy":"http://p"},
             "config":{"replace":{"source":"tftp://x/b"},"merge":[{"source":"http://x/a"}]}}}
            """));
  }

  @Test
  void special_bits_of_a_mode_came_with_3_4() {
    String files = "{\"files\":[{\"path\":\"/f\",\"mode\":2541,\"contents\":{}}]}";
    assertTrue(storage(4, files).endsWith("\"mode\":2541}]}"), storage(4, files));
    assertTrue(storage(3, files).endsWith("\"mode\":493}]}"), storage(3, files));
  }

  @Test
  void a_link_needed_no_target_before_3_3() {
    String links = "{\"links\":[{\"path\":\"/l\"}]}";
    assertEquals(
        "{\"links\":[{\"group\":{},\"path\":\"/l\",\"user\":{},\"target\":\"\"}]}",
        storage(2, links));
    assertEquals("storage.links[0].target is missing", why(3, "storage", links));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'users':{}} | passwd.users is not a list",
        "{'users':['a']} | passwd.users[0] is not an object",
        "{'users':[{'name':1}]} | passwd.users[0].name is not a text",
        "{'users':[{'uid':1.5}]} | passwd.users[0].uid is not a whole number of 64 bits",
        "{'users':[{'uid':9223372036854775808}]} |"
            + " passwd.users[0].uid is not a whole number of 64 bits",
        "{'users':[{'system':'yes'}]} | passwd.users[0].system is neither true nor false",
        "{'users':[{'name':'a'},{'name':'a'}]} | passwd.users[1] is there twice",
        "{'users':[{'groups':['g','g','g']}]} |"
            + " passwd.users[0].groups[1] is there twice (and 1 more)",
      })
  void users_are_checked(String json, String why) {
    assertEquals(why, why(4, "passwd", json.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'files':[{'path':'etc/x'}]} | storage.files[0].path is not an absolute path",
        "{'files':[{}]} | storage.files[0].path is missing",
        "{'files':[{'path':'/a/../b'}]} |"
            + " storage.files[0].path is a path with '.', '..' or a '/' too many",
        "{'files':[{'path':'/a'}],'links':[{'path':'/a','target':'b'}]} |"
            + " storage.links[0] is there twice",
        "{'files':[{'path':'/a/b'}],'links':[{'path':'/a','target':'b'}]} |"
            + " storage.files[0] lies below a link of this config",
        "{'files':[{'path':'/a','mode':4096}]} | storage.files[0].mode is no file mode (0 to 4095)",
        "{'files':[{'path':'/a','overwrite':true}]} |"
            + " storage.files[0].overwrite is true and contents.source is missing",
        "{'files':[{'path':'/a','user':{'id':0,'name':'u'}}]} |"
            + " storage.files[0].user has both an id and a name",
        "{'files':[{'path':'/a','contents':{'compression':'xz'}}]} |"
            + " storage.files[0].contents.compression is not gzip",
        "{'files':[{'path':'/a','contents':{'verification':{'hash':'md5-x'}}}]} |"
            + " storage.files[0].contents.verification.hash is not sha512- or sha256- and a digest of"
            + " that length (and 1 more)",
        "{'files':[{'path':'/a','contents':{'source':'data:,x','httpHeaders':[{'name':'A'}]}}]} |"
            + " storage.files[0].contents.httpHeaders stands without an http or https source",
        "{'files':[{'path':'/a','contents':{'source':'http://x','httpHeaders':[{'value':''}]}}]} |"
            + " storage.files[0].contents.httpHeaders[0].name is missing (and 1 more)",
        "{'links':[{'path':'/l','hard':true,'target':'/d'}],'directories':[{'path':'/d'}]} |"
            + " storage.links[0] is a hard link to a directory",
        "{'disks':[{}]} | storage.disks[0].device is missing",
        "{'disks':[{'device':'/d','partitions':[{}]}]} |"
            + " storage.disks[0].partitions[0] has neither a number nor a label",
        "{'disks':[{'device':'/d','partitions':[{'number':1},{'number':1}]}]} |"
            + " storage.disks[0].partitions[1] is there twice",
        "{'disks':[{'device':'/d','partitions':[{'number':1,'startMiB':1,'sizeMiB':10},"
            + "{'number':2,'startMiB':10,'sizeMiB':5}]}]} | storage.disks[0].partitions overlap",
        "{'disks':[{'device':'/d','partitions':[{'number':1,'label':'a:b'}]}]} |"
            + " storage.disks[0].partitions[0].label has a ':' in it",
        "{'disks':[{'device':'/d','partitions':[{'number':1,'guid':'x'}]}]} |"
            + " storage.disks[0].partitions[0].guid is no GUID",
        "{'disks':[{'device':'/d','partitions':[{'number':1,'shouldExist':false,'sizeMiB':0}]}]} |"
            + " storage.disks[0].partitions[0] has shouldExist false beside what a partition is to"
            + " be like",
        "{'filesystems':[{'device':'/d','path':'/p'}]} |"
            + " storage.filesystems[0].format is missing, and the file system is described",
        "{'filesystems':[{'device':'/d','format':'ntfs'}]} |"
            + " storage.filesystems[0].format is none that Ignition makes",
        "{'filesystems':[{'device':'/d','format':'vfat','label':'twelve-bytes'}]} |"
            + " storage.filesystems[0].label is longer than the 11 bytes of its format",
        "{'luks':[{'name':'a/b','device':'/d'}]} | storage.luks[0].name has a '/' in it",
        "{'luks':[{'name':'a','device':'/d','clevis':{'tpm2':true,'custom':{'pin':'sss',"
            + "'config':'c'}}}]} |"
            + " storage.luks[0].clevis has a custom pin beside tang, tpm2 or threshold",
        "{'luks':[{'name':'a','device':'/d','clevis':{'custom':{'pin':'x'}}}]} |"
            + " storage.luks[0].clevis.custom.pin is none of tpm2, tang, sss (and 1 more)",
        "{'luks':[{'name':'a','device':'/d','clevis':{'tang':[{'url':'x'}]}}]} |"
            + " storage.luks[0].clevis.tang[0].url is not an http or https URL (and 1 more)",
        "{'raid':[{'name':'r','level':'raid1'}]} | storage.raid[0].devices are missing",
        "{'raid':[{'name':'r','level':'9','devices':['/d']}]} |"
            + " storage.raid[0].level is no level of RAID that is known",
        "{'raid':[{'name':'r','level':'0','devices':['/d'],'spares':1}]} |"
            + " storage.raid[0].spares are there, and arrays of this level have none",
      })
  void storage_is_checked(String json, String why) {
    assertEquals(why, why(4, "storage", json.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'units':[{'name':'a.foo'}]} |"
            + " systemd.units[0].name does not end as the name of a systemd unit",
        "{'units':[{'name':'a.service','dropins':[{'name':'x'}]}]} |"
            + " systemd.units[0].dropins[0].name does not end with .conf",
        "{'units':[{'name':'a.service','contents':'[Unit]\\nfoo'}]} |"
            + " systemd.units[0].contents ends within the name of an option",
      })
  void units_are_checked(String json, String why) {
    assertEquals(why, why(4, "systemd", json.replace('\'', '"')));
  }

  @Test
  void a_file_may_not_lie_where_a_unit_is_written() {
    assertEquals(
        "storage.files[0].path is where a systemd unit or drop-in of this config is written",
        why(
            4,
            "systemd",
            "{\"units\":[{\"name\":\"a.service\",\"dropins\":[{\"name\":\"b.conf\",\"contents\":"
                + "\"[Unit]\"}]}]},\"storage\":{\"files\":[{\"path\":"
                + "\"/etc/systemd/system/a.service.d/b.conf\"}]}"));
  }

  @Test
  void kernel_arguments_are_either_wanted_or_not() {
    assertEquals(
        "{\"shouldExist\":[\"a\"],\"shouldNotExist\":[\"b\"]}",
        section(3, "kernelArguments", "{\"shouldNotExist\":[\"b\"],\"shouldExist\":[\"a\"]}"));
    assertEquals(
        "kernelArguments.shouldNotExist[0] is there twice",
        why(3, "kernelArguments", "{\"shouldNotExist\":[\"a\"],\"shouldExist\":[\"a\"]}"));
  }

  @Test
  void a_reason_holds_nothing_of_the_config() {
    String why =
        why(
            4,
            "storage",
            "{\"files\":[{\"path\":\"s3cret\",\"contents\":{\"source\":\"s3cret\"}}],"
                + "\"s3cret\":1}");
    assertTrue(!why.contains("s3cret"), why);
    assertTrue(!why("{s3cret").contains("s3cret"));
  }

  @Test
  void little_text_takes_little_memory_and_time() {
    assertEquals("the config is longer than 4194304 characters", why(" ".repeat(4 << 20) + "{}"));
    assertTrue(why("[" + "[],".repeat(1_000_000) + "[]]").startsWith("the config is not JSON"));
    assertTrue(why("[".repeat(100_000)).startsWith("the config is not JSON"));
    StringBuilder many = new StringBuilder();
    for (int i = 1; i <= 1025; i++) {
      many.append("{\"number\":%d,\"startMiB\":%d,\"sizeMiB\":1},".formatted(i, i));
    }
    assertEquals(
        "storage.disks[0].partitions are more than 1024",
        why(
            4,
            "storage",
            "{\"disks\":[{\"device\":\"/d\",\"partitions\":["
                + many.substring(0, many.length() - 1)
                + "]}]}"));
  }

  @Test
  void what_the_fuzzer_begins_with() {
    Fuzz.replay(IgnitionFuzz.class, IgnitionFuzz.seeds(), IgnitionFuzz::fuzzerTestOneInput);
  }
}
