package dev.moonboot.assets.store;

import dev.moonboot.assets.Roots;
import java.time.Instant;

/**
 * What a sweep is to do.
 *
 * @param roots what stays, besides what the store knows of
 * @param keep releases that each followed channel keeps besides its head; two at least stay
 * @param dryRun whether nothing is to be changed, not even what is remembered for the next sweep
 * @param now the time of day; where it cannot be right nothing is deleted
 */
public record SweepOrder(Roots roots, int keep, boolean dryRun, Instant now) {}
