package dev.daybook;

/**
 * One metric in a few numbers.
 *
 * @param count of all values logged
 * @param lastStep the step of the value that was logged last
 * @param last that value, as logged
 * @param min the least value; NaN counts only if there is no other value, and for {@code max} and {@code mean} too
 */
public record MetricSummary(String name, long count, long lastStep, double last, double min, double max, double mean) {
    static MetricSummary of(dev.daybook.lifecycle.MetricSummary folded) {
        return new MetricSummary(
                folded.name(),
                folded.count(),
                folded.lastStep(),
                folded.last(),
                folded.min(),
                folded.max(),
                folded.mean());
    }
}
