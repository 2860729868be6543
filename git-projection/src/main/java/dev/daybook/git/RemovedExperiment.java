package dev.daybook.git;

import java.time.Instant;

/**
 * An experiment that was removed and can be had back.
 *
 * @param ref where it was
 * @param kept the ref that keeps it
 */
public record RemovedExperiment(String name, String ref, String commit, Instant removed, String kept) {}
