package dev.moonboot.admin;

import dev.moonboot.http.Reply;
import java.io.IOException;

/** Answers calls of one endpoint. */
@FunctionalInterface
interface Handler {
  /**
   * The answer.
   *
   * @throws ProblemException when there is none
   * @throws IOException for a fault of ours, or when the caller's body cannot be had
   */
  Reply answer(Call call) throws IOException;
}
