package dev.moonboot.rpc;

import dev.moonboot.json.Json;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogKind;
import dev.moonboot.profile.ConfigKind;
import dev.moonboot.profile.ConfigWritten;
import dev.moonboot.profile.MatchboxWriter;
import dev.moonboot.profile.Written;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * What calls do to the data directory, with what can go wrong as they tell it.
 *
 * @param data the data directory
 * @param catalog the one in force: what was put is in it when the call has been answered
 */
record DataCalls(Path data, Supplier<Catalog> catalog, MatchboxWriter writer) {
  private static final System.Logger LOG = System.getLogger(DataCalls.class.getName());

  void put(CatalogKind kind, String id, Json.Obj content) {
    String what = kind.word() + " \"" + Printable.of(id) + "\"";
    Problems.name(kind.word() + " id", id);
    switch (writer.put(kind, id, content, Caller.CURRENT.get().order())) {
      case Written.Put(var _, var _, var warnings) -> warnings.forEach(this::warn);
      case Written.Refused(var problems) -> throw Problems.invalid(what, problems);
      case Written.Full(var why) -> throw Problems.tooMuch(why);
      case Written.Failed(var why) -> throw notWritten(kind.folder(), why);
      case Written.Stale _, Written.Missing _, Written.Deleted _ ->
          throw new IllegalStateException("a put of whatever is there");
    }
  }

  private void warn(String warning) {
    LOG.log(Level.INFO, "rpc_put {0}", warning);
  }

  void delete(CatalogKind kind, String id) {
    Problems.name(kind.word() + " id", id);
    switch (writer.delete(kind, id, Caller.CURRENT.get().order())) {
      case Written.Deleted(var warnings) -> warnings.forEach(this::warn);
      case Written.Missing() -> {} // what is wanted holds
      case Written.Failed(var why) -> throw notWritten(kind.folder(), why);
      case Written.Stale _, Written.Put _, Written.Refused _, Written.Full _ ->
          throw new IllegalStateException("a delete of whatever is there");
    }
  }

  void put(ConfigKind kind, String name, byte[] content) {
    Problems.name(kind.folder() + " name", name);
    switch (writer.put(kind, name, content, Caller.CURRENT.get().order())) {
      case ConfigWritten.Put(var _, var _, var problem) -> {
        if (problem != null) {
          LOG.log(
              Level.WARNING,
              "rpc_put file={0}/{1} in_force=last_good_version reason=\"{2}\"",
              kind.folder(),
              Printable.of(name),
              problem);
        }
      }
      case ConfigWritten.Refused(var why) ->
          throw Problems.tooMuch(kind.folder() + " \"" + Printable.of(name) + "\" " + why);
      case ConfigWritten.Failed(var why) -> throw notWritten(kind.folder(), why);
      case ConfigWritten.Stale _, ConfigWritten.Missing _, ConfigWritten.Deleted _ ->
          throw new IllegalStateException("a put of whatever is there");
    }
  }

  byte[] get(ConfigKind kind, String name) throws IOException {
    Problems.name(kind.folder() + " name", name);
    return writer.read(kind, name).orElseThrow(() -> missing(kind.folder() + "/" + name));
  }

  void delete(ConfigKind kind, String name) {
    Problems.name(kind.folder() + " name", name);
    switch (writer.delete(kind, name, Caller.CURRENT.get().order())) {
      case ConfigWritten.Deleted(), ConfigWritten.Missing() -> {} // what is wanted holds
      case ConfigWritten.Failed(var why) -> throw notWritten(kind.folder(), why);
      case ConfigWritten.Stale _, ConfigWritten.Put _, ConfigWritten.Refused _ ->
          throw new IllegalStateException("a delete of whatever is there");
    }
  }

  private RuntimeException notWritten(String folder, String why) {
    return Problems.notWritten(data, data.resolve(folder), why);
  }

  /** Says so in the words in which a file system does, and matchbox with it. */
  RuntimeException missing(String file) {
    return Problems.notFound("open %s: no such file or directory".formatted(data.resolve(file)));
  }
}
