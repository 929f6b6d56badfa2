package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.moonboot.http.ByteRange.Malformed;
import dev.moonboot.http.ByteRange.Part;
import dev.moonboot.http.ByteRange.Unsatisfiable;
import dev.moonboot.http.ByteRange.Whole;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against Go's net/http, whose readings matchbox has; with 10 bytes. */
class ByteRangeTest {
  static Stream<Arguments> headers() {
    return Stream.of(
        arguments("bytes=0-0", new Part(0, 1)),
        arguments("bytes=0-9", new Part(0, 10)),
        arguments("bytes=9-", new Part(9, 1)),
        arguments("bytes=3-1000", new Part(3, 7)),
        arguments("bytes=-3", new Part(7, 3)),
        arguments("bytes=-1000", new Part(0, 10)),
        arguments("bytes=0-0,", new Part(0, 1)),
        arguments("bytes=0-0,99-", new Part(0, 1)),
        arguments("bytes=0-0,1-1", new Whole()),
        arguments("bytes=", new Whole()),
        arguments("bytes=,", new Whole()),
        arguments("bytes=10-", new Unsatisfiable()),
        arguments("bytes=10-,99-", new Unsatisfiable()),
        arguments("bytes=-0", new Unsatisfiable()),
        arguments("bytes=5-2", new Malformed()),
        arguments("bytes=--1", new Malformed()),
        arguments("bytes=-", new Malformed()),
        arguments("bytes=1", new Malformed()),
        arguments("bytes=+1-2", new Malformed()),
        arguments("bytes=0x1-2", new Malformed()),
        arguments("bytes=99999999999999999999-", new Malformed()),
        arguments("Bytes=0-0", new Malformed()),
        arguments("lines=0-0", new Malformed()),
        arguments("", new Malformed()));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void a_range_is_read_as_matchbox_reads_it(String header, ByteRange expected) {
    assertEquals(expected, ByteRange.parse(header, 10));
  }
}
