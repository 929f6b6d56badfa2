package dev.moonboot.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a profile says of firmware. */
class ExtensionsTest {
  private static String profile(String asked) {
    return "{'id':'p','moonboot':{%s}}".formatted(asked).replace('\'', '"');
  }

  private static List<FieldProblem> written(String asked) {
    return WriteChecks.of(CatalogKind.PROFILE, "p", (Json.Obj) JsonText.parse(profile(asked)));
  }

  @Test
  void a_profile_says_what_firmware_loads_first_and_how_a_pi_boots() {
    String text =
        profile(
            "'templates':true,'first':'uki','allow_wipe':true,"
                + "'raspberry_pi':{'boot':'u-boot','config_txt':['dtoverlay=disable-bt','[pi4]']}");
    Profile read = DataFile.profile("p", text);
    assertEquals(
        new Extensions(
            false,
            true,
            FirstFile.UKI,
            true,
            new PiBoot(PiBoot.Way.U_BOOT, List.of("dtoverlay=disable-bt", "[pi4]"))),
        read.extensions());
    assertEquals(text, MatchboxShape.of(read).compact());
    assertEquals(
        List.of(), WriteChecks.of(CatalogKind.PROFILE, "p", (Json.Obj) JsonText.parse(text)));
  }

  @Test
  void what_holds_anyway_takes_no_room() {
    String text = profile("'first':'ipxe','allow_wipe':false,'raspberry_pi':{'boot':'kernel'}");
    assertSame(Extensions.NONE, DataFile.profile("p", text).extensions());
    assertEquals("{\"id\":\"p\"}", MatchboxShape.of(DataFile.profile("p", text)).compact());
    assertSame(
        Extensions.NONE,
        DataFile.profile("p", profile("'first':null,'raspberry_pi':null")).extensions());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "'first':'grub' ~ 'moonboot': 'first' must be 'ipxe' or 'uki' ~ /moonboot/first must be"
            + " 'ipxe' or 'uki'",
        "'first':1 ~ 'moonboot': 'first' must be a string ~ /moonboot/first must be 'ipxe' or"
            + " 'uki'",
        "'allow_wipe':'yes' ~ 'moonboot': 'allow_wipe' must be true or false ~"
            + " /moonboot/allow_wipe must be true or false",
        "'raspberry_pi':'uefi' ~ 'moonboot': 'raspberry_pi' must be an object ~"
            + " /moonboot/raspberry_pi must be an object",
        "'raspberry_pi':{'boot':'grub'} ~ 'moonboot': 'raspberry_pi': 'boot' must be 'kernel',"
            + " 'u-boot' or 'uefi' ~ /moonboot/raspberry_pi/boot must be 'kernel', 'u-boot' or"
            + " 'uefi'",
        "'raspberry_pi':{'config_txt':'a=1'} ~ 'moonboot': 'raspberry_pi': 'config_txt' must be a"
            + " list of strings ~ /moonboot/raspberry_pi/config_txt must be a list of strings",
        "'raspberry_pi':{'config_txt':['a=1','b\\u000ac']} ~ 'moonboot': 'raspberry_pi':"
            + " 'config_txt' line 2 has a line break or another control character: write one item a"
            + " line ~ /moonboot/raspberry_pi/config_txt/1 has a line break or another control"
            + " character: write one item a line",
        "'raspberry_pi':{'config':[]} ~ 'moonboot': 'raspberry_pi' has the unknown member 'config';"
            + " here it can have 'boot', 'config_txt' ~ /moonboot/raspberry_pi/config is unknown;"
            + " there are boot, config_txt",
        "'frist':'uki' ~ 'moonboot' has the unknown member 'frist'; here it can have 'templates',"
            + " 'first', 'allow_wipe', 'raspberry_pi'; did you mean first? ~ /moonboot/frist is"
            + " unknown; there are allow_wipe, first, raspberry_pi, templates",
      })
  void what_cannot_be_is_told_of_files_and_of_what_is_written(
      String asked, String ofFile, String ofWritten) {
    var unusable =
        assertThrows(UnusableFileException.class, () -> DataFile.profile("p", profile(asked)));
    assertEquals(ofFile.replace('\'', '"'), unusable.getMessage());
    assertEquals(
        List.of(ofWritten.replace('\'', '"')),
        written(asked).stream().map(problem -> problem.pointer() + " " + problem.why()).toList());
  }

  @Test
  void a_line_for_a_pi_is_not_longer_than_its_firmware_reads() {
    String fits = "#".repeat(98);
    DataFile.profile("p", profile("'raspberry_pi':{'config_txt':['" + fits + "']}"));
    String asked = "'raspberry_pi':{'config_txt':['#" + fits + "']}";
    String why = "has 99 characters: the firmware reads no more than 98 of a line";
    var unusable =
        assertThrows(UnusableFileException.class, () -> DataFile.profile("p", profile(asked)));
    assertEquals(
        "\"moonboot\": \"raspberry_pi\": \"config_txt\" line 1 " + why, unusable.getMessage());
    assertEquals(
        List.of(new FieldProblem("/moonboot/raspberry_pi/config_txt/0", why)), written(asked));
  }

  @Test
  void arguments_that_firmware_cannot_pass_are_told_when_the_catalog_is_read(@TempDir Path root)
      throws IOException {
    Files.createDirectories(root.resolve("groups"));
    Files.createDirectories(root.resolve("profiles"));
    for (String first : List.of("uki", "ipxe")) {
      for (String args : List.of("'{cmdline}'", "'{cmdline}','a'")) {
        String name = first + args.length();
        Files.writeString(
            root.resolve("profiles/" + name + ".json"),
            "{'id':'%s','boot':{'args':[%s]},'moonboot':{'first':'%s'}}"
                .formatted(name, args, first)
                .replace('\'', '"'));
      }
    }
    assertEquals(
        List.of(
            "uki profile=uki15 why=\"firmware gives a unified kernel image no arguments: those of the"
                + " profile count only where iPXE, GRUB or U-Boot boots it\""),
        warnings(() -> new CatalogReader(root).read()));
  }

  private static List<String> warnings(Runnable what) {
    List<String> lines = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            if (line.getLevel().equals(Level.WARNING)) {
              lines.add(new SimpleFormatter().formatMessage(line));
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger log = Logger.getLogger(CatalogReader.class.getName());
    log.addHandler(handler);
    try {
      what.run();
    } finally {
      log.removeHandler(handler);
    }
    return lines;
  }
}
