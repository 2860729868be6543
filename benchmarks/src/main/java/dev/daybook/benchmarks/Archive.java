package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What is read back: the same records, spread over a few metrics, with a sequence and a CRC32C each, folded into the same sums.
 *
 * <p>Record i belongs to metric i modulo {@link #METRICS}, at step i, with the value {@link #value}.
 */
interface Archive {

    /** How many metrics there are. */
    int METRICS = 4;

    /** How long the opening took, and the folding after it. */
    record Times(long openNanos, long foldNanos) {}

    /** Writes so many records into a folder that does not exist. */
    void write(Path folder, long records) throws IOException;

    /**
     * Folds them.
     *
     * @throws IllegalStateException if that is not what was written
     */
    Times read(Path folder, long records) throws IOException;

    static double value(long record) {
        return record * 0.5;
    }

    /** Throws unless these are the sums of what was written. */
    static void check(int metric, long records, MetricFold folded) {
        long first = metric;
        long last = records - METRICS + metric;
        var expected = new MetricFold(
                records / METRICS, last, value(last), value(first), value(last), (value(first) + value(last)) / 2);
        boolean isRight = folded.count() == expected.count()
                && folded.lastStep() == expected.lastStep()
                && folded.last() == expected.last()
                && folded.min() == expected.min()
                && folded.max() == expected.max()
                // a sum of so many numbers is not exact
                && Math.abs(folded.mean() - expected.mean()) <= 1e-6 * Math.abs(expected.mean());
        if (!isRight) {
            throw new IllegalStateException("metric " + metric + " was read as " + folded + ", not " + expected);
        }
    }
}
