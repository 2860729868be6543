package dev.daybook.port;

import java.time.Duration;

/**
 * How a journal is to work.
 *
 * @param opensJvm whether it may open the packages of the JVM that it needs by itself
 * @param force what is forced to disk when
 * @param generationBytes how large a generation grows before the next one is begun
 * @param retentionAge how long finished generations whose experiments are all settled are kept
 * @param retentionBytes how much of the disk all generations may take before such ones are deleted, the oldest first
 */
public record JournalSettings(
        boolean opensJvm, Force force, long generationBytes, Duration retentionAge, long retentionBytes) {

    /** What is forced to disk before a call returns. */
    public enum Force {
        /** Only what a commit rests on. */
        PROCESS,
        /** Every event; records once a second in the background. */
        INTERVAL,
        /** Every event and every record. */
        SYNC
    }

    /** Forces events at once and records every second; generations of 256 MiB; keeps everything. */
    public static JournalSettings defaults(boolean opensJvm) {
        return new JournalSettings(
                opensJvm, Force.INTERVAL, 256L << 20, Duration.ofMillis(Long.MAX_VALUE), Long.MAX_VALUE);
    }
}
