package dev.daybook.lifecycle;

/** The running sums of one metric: primitives, because a hundred million records pass through here. */
final class MetricAccumulator {

    private long count;
    private long numbers;
    private long lastStep;
    private double last;
    private double min = Double.NaN;
    private double max = Double.NaN;
    private double sum;

    void add(long step, double value) {
        count++;
        lastStep = step;
        last = value;
        if (Double.isNaN(value)) {
            return;
        }
        min = numbers == 0 ? value : Math.min(min, value);
        max = numbers == 0 ? value : Math.max(max, value);
        sum += value;
        numbers++;
    }

    long count() {
        return count;
    }

    MetricSummary summary(int metric, String name) {
        double mean = numbers == 0 ? Double.NaN : sum / numbers;
        return new MetricSummary(metric, name, count, lastStep, last, min, max, mean);
    }

    MetricAccumulator copy() {
        var copy = new MetricAccumulator();
        copy.count = count;
        copy.numbers = numbers;
        copy.lastStep = lastStep;
        copy.last = last;
        copy.min = min;
        copy.max = max;
        copy.sum = sum;
        return copy;
    }
}
