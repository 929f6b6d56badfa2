package dev.moonboot.assets.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  @Test
  void reads_several_challenges_with_quoted_and_plain_parameters() {
    assertEquals(
        List.of(
            new Challenge("negotiate", Map.of()),
            new Challenge("basic", Map.of("realm", "a \"b\", c")),
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://auth.example.com/token?a=b",
                    "service", "registry",
                    "scope", "repository:a/b:pull,push"))),
        Challenge.read(
            List.of(
                "Negotiate, Basic realm=\"a \\\"b\\\", c\"",
                "bearer Realm=\"https://auth.example.com/token?a=b\" , service=registry,"
                    + "scope=\"repository:a/b:pull,push\"")));
  }

  @Test
  void what_cannot_be_read_is_passed_over() {
    assertEquals(List.of(), Challenge.read(List.of("", "\"", "=", "x".repeat(10_000))));
    assertEquals(
        List.of(new Challenge("bearer", Map.of())), Challenge.read(List.of("Bearer realm=\"open")));
  }
}
