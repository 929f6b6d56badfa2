package dev.moonboot.dhcp;

import dev.moonboot.firmware.FirstFiles;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Sightings;
import java.util.function.Predicate;

/**
 * What answers are made from, and where it is written down what was answered.
 *
 * @param selected whether some group selects a node by that hardware address; must not wait
 * @param audit must not wait
 */
public record Subjects(
    FirstFiles files,
    Predicate<MacAddress> selected,
    Sightings sightings,
    BootLog boots,
    Audit audit,
    Meters meters) {}
