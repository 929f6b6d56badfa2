package dev.moonboot.ignition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://x/a%20b?c#d",
        "HTTPS://u:p@[fe80::1%25eth0]:8443/x",
        "http://h%e4/",
        "http:opaque",
        "tftp://h/x",
        "gs://b/o",
        "s3://b/k?versionId=1",
        "arn:aws:s3:::b/k",
        "arn:aws:s3:eu:1:accesspoint/a/object/k",
        "data:,hi%20there",
        "data:;base64,aGk=",
        "data:text/plain;charset=utf-8;x=\"a,b\\\"\",c",
        "data:X-own/thing;base64,",
      })
  void is_a_source(String url) {
    assertEquals(Optional.empty(), new Sources(4).complaint(url));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo                  | is no URL",
        "/a                   | is no URL",
        "1http://x            | is no URL",
        "http://a b/          | is no URL",
        "http://h:port/       | is no URL",
        "http://[::1          | is no URL",
        "http://%41/          | is no URL",
        "http://u[@h/         | is no URL",
        "http://h/%zz         | is no URL",
        "http://h/#%zz        | is no URL",
        "ftp://h/x            | is a URL of a scheme that Ignition does not fetch from",
        "s3://b/k?versionId=  | has an empty versionId",
        "arn:aws:s3:::b       | is no ARN of an object in S3",
        "arn:aws:ec2:::b/k    | is no ARN of an object in S3",
        "arn:aws:s3:::accesspoint/a | is no ARN of an object in S3",
        "data:                | is a broken data URL",
        "data:,a b            | is a broken data URL",
        "data:,a%2            | is a broken data URL",
        "data:foo/bar,a       | is a broken data URL",
        "data:;base64,aGk     | is a broken data URL",
        "data:;base65,aGk=    | is a broken data URL",
      })
  void is_none(String url, String why) {
    assertEquals(Optional.of(why), new Sources(4).complaint(url));
  }

  @ParameterizedTest
  @CsvSource({"gs://b/o, 1, 2", "arn:aws:s3:::b/k, 3, 4"})
  void came_later(String url, int before, int since) {
    String scheme = url.substring(0, url.indexOf(':'));
    assertEquals(
        Optional.of("is a URL of scheme " + scheme + ", which came with spec 3." + since + ".0"),
        new Sources(before).complaint(url));
    assertEquals(Optional.empty(), new Sources(since).complaint(url));
  }
}
