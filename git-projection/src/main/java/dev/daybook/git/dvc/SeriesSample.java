package dev.daybook.git.dvc;

import java.util.Arrays;

/**
 * A sample of a series, of bounded size, that a plot can be drawn from as from the whole: of each stretch of records the first, the least, the
 * greatest and the last, and the first NaN and infinities, each as it was logged and in its order.
 *
 * <p>A stretch is as many records as the power of two that keeps their number at {@link #MOST_STRETCHES} or below: up to so many records the
 * sample is the series itself. It depends on the series alone, and grows with it: what was taken need not be read again. Not thread-safe.
 */
final class SeriesSample {

    /** More than a plot has columns. */
    static final int MOST_STRETCHES = 512;

    private int shift;
    private long count;
    private Rows closed = new Rows();
    private final Stretch open = new Stretch();

    /** Takes a row of the sample. */
    interface RowSink {
        void row(long step, double value);
    }

    void add(long step, double value) {
        if (count >>> shift == MOST_STRETCHES) {
            widen();
        }
        take(count++, step, value);
    }

    /** How many records it was made of. */
    long count() {
        return count;
    }

    void forEach(RowSink sink) {
        closed.forEach((index, step, value) -> sink.row(step, value));
        open.forEach((index, step, value) -> sink.row(step, value));
    }

    /** What is kept of two stretches is kept of both in one, so that nothing else need be known of them. */
    private void widen() {
        open.forEach(closed::add);
        open.clear(-1);
        var rows = closed;
        closed = new Rows();
        shift++;
        rows.forEach(this::take);
    }

    private void take(long index, long step, double value) {
        long stretch = index >>> shift;
        if (stretch != open.number) {
            open.forEach(closed::add);
            open.clear(stretch);
        }
        open.add(index, step, value);
    }

    private interface KeptSink {
        void row(long index, long step, double value);
    }

    /** Rows of stretches that are over. */
    private static final class Rows {

        private long[] indexes = new long[4];
        private long[] steps = new long[4];
        private double[] values = new double[4];
        private int size;

        void add(long index, long step, double value) {
            if (size == indexes.length) {
                indexes = Arrays.copyOf(indexes, 2 * size);
                steps = Arrays.copyOf(steps, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            indexes[size] = index;
            steps[size] = step;
            values[size] = value;
            size++;
        }

        void forEach(KeptSink sink) {
            for (int row = 0; row < size; row++) {
                sink.row(indexes[row], steps[row], values[row]);
            }
        }
    }

    /** The stretch that is being filled: for each reason to keep a record the one that it holds for. */
    private static final class Stretch {

        private static final int FIRST = 0;
        private static final int LEAST = 1;
        private static final int GREATEST = 2;
        private static final int NAN = 3;
        private static final int INFINITE = 4;
        private static final int NEGATIVE_INFINITE = 5;
        private static final int LAST = 6;
        private static final int REASONS = 7;
        private static final long NONE = -1;
        private static final int NONE_LEFT = -1;

        private long number = NONE;
        private final long[] indexes = new long[REASONS];
        private final long[] steps = new long[REASONS];
        private final double[] values = new double[REASONS];

        Stretch() {
            clear(NONE);
        }

        void clear(long next) {
            number = next;
            Arrays.fill(indexes, NONE);
        }

        void add(long index, long step, double value) {
            if (indexes[FIRST] == NONE) {
                keep(FIRST, index, step, value);
            }
            keep(LAST, index, step, value);
            if (Double.isFinite(value)) {
                if (indexes[LEAST] == NONE || value < values[LEAST]) {
                    keep(LEAST, index, step, value);
                }
                if (indexes[GREATEST] == NONE || value > values[GREATEST]) {
                    keep(GREATEST, index, step, value);
                }
            } else {
                int reason = Double.isNaN(value) ? NAN : value > 0 ? INFINITE : NEGATIVE_INFINITE;
                if (indexes[reason] == NONE) {
                    keep(reason, index, step, value);
                }
            }
        }

        private void keep(int reason, long index, long step, double value) {
            indexes[reason] = index;
            steps[reason] = step;
            values[reason] = value;
        }

        /** In their order, each once, whatever it was kept for. */
        void forEach(KeptSink sink) {
            long before = NONE;
            while (true) {
                int next = NONE_LEFT;
                for (int reason = 0; reason < REASONS; reason++) {
                    boolean isLater = indexes[reason] > before;
                    if (isLater && (next == NONE_LEFT || indexes[reason] < indexes[next])) {
                        next = reason;
                    }
                }
                if (next == NONE_LEFT) {
                    return;
                }
                before = indexes[next];
                sink.row(before, steps[next], values[next]);
            }
        }
    }
}
