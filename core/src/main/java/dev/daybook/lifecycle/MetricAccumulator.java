package dev.daybook.lifecycle;

/** The running sums of one metric: primitives, because a hundred million records pass through here. */
final class MetricAccumulator {

    private long count;
    private long lastStep;
    private double last;
    private long nans;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;

    void add(long step, double value) {
        count++;
        lastStep = step;
        last = value;
        if (Double.isNaN(value)) {
            nans++;
            return;
        }
        // most values are neither; where they are equal, Math knows that -0.0 is less than 0.0
        if (value <= min) {
            min = Math.min(min, value);
        }
        if (value >= max) {
            max = Math.max(max, value);
        }
        sum += value;
    }

    long count() {
        return count;
    }

    MetricSummary summary(int metric, String name) {
        if (nans == count) {
            return new MetricSummary(
                    metric, name, count, lastStep, last, Double.NaN, Double.NaN, Double.NaN, nans, sum);
        }
        return new MetricSummary(metric, name, count, lastStep, last, min, max, sum / (count - nans), nans, sum);
    }

    /** Goes on from there. */
    static MetricAccumulator from(MetricSummary past) {
        var accumulator = new MetricAccumulator();
        accumulator.count = past.count();
        accumulator.nans = past.nans();
        accumulator.lastStep = past.lastStep();
        accumulator.last = past.last();
        accumulator.sum = past.sum();
        if (past.nans() < past.count()) {
            accumulator.min = past.min();
            accumulator.max = past.max();
        }
        return accumulator;
    }

    MetricAccumulator copy() {
        var copy = new MetricAccumulator();
        copy.count = count;
        copy.nans = nans;
        copy.lastStep = lastStep;
        copy.last = last;
        copy.min = min;
        copy.max = max;
        copy.sum = sum;
        return copy;
    }
}
