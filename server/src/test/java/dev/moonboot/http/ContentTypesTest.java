package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentTypesTest {
  @ParameterizedTest
  @CsvSource({
    "a.json, application/json",
    "A.JSON, application/json",
    "x.tar.gz, application/gzip",
    "snponly.efi, application/efi",
    "notes.txt, text/plain; charset=utf-8",
    "dir.d/vmlinuz,",
    "initramfs.xz,",
    "x.yaml,",
    "vmlinuz,"
  })
  void a_known_extension_decides(String name, String type) {
    assertEquals(Optional.ofNullable(type), ContentTypes.ofName(name));
  }

  @Test
  void otherwise_the_first_bytes_do() {
    assertEquals("text/plain; charset=utf-8", sniff(""));
    assertEquals("text/plain; charset=utf-8", sniff("version: v1alpha1\n\33[0m"));
    assertEquals("application/octet-stream", sniff("MZ\0\0zimg"));
    assertEquals("application/octet-stream", sniff("\u00fd7zXZ\0"));
    assertEquals("application/x-gzip", sniff("\37\u008b\10"));
    assertEquals("application/zip", sniff("PK\3\4"));
    assertEquals("application/pdf", sniff("%PDF-1.4"));
    assertEquals("text/html; charset=utf-8", sniff("  <!DocType html>"));
    assertEquals("text/html; charset=utf-8", sniff("<a>"));
    assertEquals("text/plain; charset=utf-8", sniff("<abbr>"));
    assertEquals("text/xml; charset=utf-8", sniff("\n<?xml version=\"1.0\"?>"));
    assertEquals("text/plain; charset=utf-8", sniff("\u00ef\u00bb\u00bftext"));
    assertEquals("text/plain; charset=utf-16le", sniff("\u00ff\u00fea\0"));
  }

  private static String sniff(String head) {
    return ContentTypes.sniff(head.getBytes(ISO_8859_1));
  }
}
