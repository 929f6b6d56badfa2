package dev.moonboot.ignition;

import dev.moonboot.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Disks, their partitions, and arrays of disks. */
final class DiskRules {
  /** GPT's usual table has 128; each is compared with each. */
  private static final int MOST_PARTITIONS = 1024;

  private static final int LONGEST_LABEL = 36;
  private static final Pattern GUID =
      Pattern.compile("(?:\\p{XDigit}{8}-(?:\\p{XDigit}{4}-){3}\\p{XDigit}{12})?");

  private DiskRules() {}

  static void partition(Json.Obj partition, Place place, Problems problems) {
    boolean other =
        partition.text("label").isPresent()
            || Rules.text(partition, "typeGuid").isPresent()
            || Rules.text(partition, "guid").isPresent()
            || partition.member("startMiB").isPresent()
            || partition.member("sizeMiB").isPresent();
    if (isUnwanted(partition) && other) {
      problems.add(place, "has shouldExist false beside what a partition is to be like");
    }
    if (partition.member("number").isEmpty() && partition.text("label").isEmpty()) {
      problems.add(place, "has neither a number nor a label");
    }
    partition.text("label").ifPresent(label -> label(label, place, problems));
    for (String name : List.of("guid", "typeGuid")) {
      if (partition.text(name).filter(guid -> !GUID.matcher(guid).matches()).isPresent()) {
        problems.add(place.member(name), "is no GUID");
      }
    }
  }

  private static void label(String label, Place place, Problems problems) {
    if (Rules.bytes(label) > LONGEST_LABEL) {
      problems.add(place.member("label"), "is longer than 36 bytes");
    } else if (label.contains(":")) {
      problems.add(place.member("label"), "has a ':' in it");
    }
  }

  private static boolean isUnwanted(Json.Obj partition) {
    return partition.member("shouldExist").filter(new Json.Bool(false)::equals).isPresent();
  }

  static void disk(Json.Obj disk, Place place, Problems problems) {
    Rules.path(disk.text("device").orElse(""), place.member("device"), problems);
    List<Json.Obj> partitions =
        disk.array("partitions").orElse(List.of()).stream().map(Json.Obj.class::cast).toList();
    Place there = place.member("partitions");
    if (partitions.size() > MOST_PARTITIONS) {
      problems.add(there, "are more than " + MOST_PARTITIONS);
      return;
    }
    // numbers that stand twice are found where all lists are looked through
    Set<String> labels = new HashSet<>();
    if (!partitions.stream().flatMap(p -> p.text("label").stream()).allMatch(labels::add)) {
      problems.add(there, "have a label twice");
    }
    boolean unwanted = partitions.stream().anyMatch(DiskRules::isUnwanted);
    if (unwanted && partitions.stream().anyMatch(p -> p.member("number").isEmpty())) {
      problems.add(there, "are some without a number and some that should not exist");
    }
    if (overlap(partitions.stream().flatMap(p -> Span.of(p).stream()).toList())) {
      problems.add(there, "overlap");
    }
  }

  static void raid(Json.Obj object, Place place, Problems problems) {
    switch (object.text("level").orElse("")) {
      case "linear", "raid0", "0", "stripe" -> {
        if (object.integer("spares").filter(n -> n != 0).isPresent()) {
          problems.add(place.member("spares"), "are there, and arrays of this level have none");
        }
      }
      case "raid1", "1", "mirror", "raid4", "4", "raid5", "5", "raid6", "6", "raid10", "10" -> {}
      default -> problems.add(place.member("level"), "is no level of RAID that is known");
    }
    List<Json> devices = object.array("devices").orElse(List.of());
    if (devices.isEmpty()) {
      problems.add(place.member("devices"), "are missing");
    }
    for (int i = 0; i < devices.size(); i++) {
      if (devices.get(i) instanceof Json.Str(var device)) {
        Rules.path(device, place.member("devices").item(i), problems);
      }
    }
  }

  private static boolean overlap(List<Span> spans) {
    for (int i = 0; i < spans.size(); i++) {
      for (int k = 0; k < spans.size(); k++) {
        if (i != k && spans.get(i).touches(spans.get(k))) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * From where to where, in MiB, both inclusive; a partition that takes what is free has no end.
   */
  private record Span(long start, long end) {
    static Optional<Span> of(Json.Obj partition) {
      return partition
          .integer("startMiB")
          .filter(start -> start != 0)
          .flatMap(start ->
              partition
                  .integer("sizeMiB")
                  .map(size -> new Span(start, size == 0 ? start : start + size - 1)));
    }

    boolean touches(Span other) {
      return (start >= other.start && start <= other.end)
          || (end >= other.start && end <= other.end)
          || (start < other.start && end > other.end);
    }
  }
}
