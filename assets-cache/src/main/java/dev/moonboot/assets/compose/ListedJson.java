package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.json.Json;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** Writes a JSON object whose arrays need not be in memory: an item on a line. */
final class ListedJson implements Closeable {
  private final WrittenFile file;
  private String before = "{\n";

  /** Creates the file; there must be none. */
  ListedJson(Path path) throws IOException {
    file = new WrittenFile(path);
  }

  /** Writes items of an array. */
  @FunctionalInterface
  interface Items {
    void writeTo(ListedJson out) throws IOException;
  }

  /** A member that is small. */
  void member(String name, Json value) throws IOException {
    name(name);
    write(value.compact());
  }

  /** A member that is an array; nothing where it would be empty. */
  void list(String name, Items items) throws IOException {
    String outside = before;
    before = outside + "  " + new Json.Str(name).compact() + ": [\n";
    String empty = before;
    items.writeTo(this);
    if (before.equals(empty)) {
      before = outside;
    } else {
      write("\n  ]");
      before = ",\n";
    }
  }

  /** Of the array that is being written. */
  void item(Json value) throws IOException {
    write(before + "    " + value.compact());
    before = ",\n";
  }

  private void name(String name) throws IOException {
    write(before + "  " + new Json.Str(name).compact() + ": ");
    before = ",\n";
  }

  /** Half of a surrogate pair, which JSON can name and UTF-8 cannot have, becomes a "?". */
  private void write(String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    file.write(bytes, 0, bytes.length);
  }

  /** Ends the object; what was written. */
  Found finish() throws IOException {
    write("\n}\n");
    file.close();
    return file.found("made here");
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
