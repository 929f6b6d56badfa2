package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileBudgetTest {
  @ParameterizedTest
  @CsvSource({"65536, 100, 1088, 1088", "256, 90, 1088, 51", "100, 90, 1088, 8"})
  void l_08_connections_leave_files_for_everything_else(
      long limit, long open, int wanted, int possible) {
    assertEquals(possible, FileBudget.connections(limit, open, wanted));
  }
}
