package dev.daybook.port;

/**
 * Metric records of one experiment that stand one behind the other in one document, in arrays that are used again: who is given one takes
 * what he needs before he returns. Not thread-safe.
 */
public final class MetricBatch {

    private int[] metrics = {};
    private long[] steps = {};
    private double[] values = {};
    private long[] times = {};
    private int size;
    private int taken;

    /** Makes it empty, with room for so many. */
    public void clear(int capacity) {
        if (metrics.length < capacity) {
            metrics = new int[capacity];
            steps = new long[capacity];
            values = new double[capacity];
            times = new long[capacity];
        }
        size = 0;
        taken = 0;
    }

    /** Adds a record behind those that are there. */
    public void add(int metric, long step, double value, long epochMilli) {
        int at = size;
        metrics[at] = metric;
        steps[at] = step;
        values[at] = value;
        times[at] = epochMilli;
        size = at + 1;
    }

    /** How many records it has. */
    public int size() {
        return size;
    }

    /** The number of a record's metric. */
    public int metric(int record) {
        return metrics[record];
    }

    public long step(int record) {
        return steps[record];
    }

    public double value(int record) {
        return values[record];
    }

    public long epochMilli(int record) {
        return times[record];
    }

    /** How many were taken: those that a sink was not done with when it threw are not. */
    public int taken() {
        return taken;
    }

    /** So many are taken by now. */
    public void take(int upTo) {
        taken = upTo;
    }
}
