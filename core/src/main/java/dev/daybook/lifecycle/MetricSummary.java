package dev.daybook.lifecycle;

/**
 * One metric's values in a few numbers: enough to go on counting from them.
 *
 * @param metric its number in the experiment
 * @param count of all records
 * @param lastStep the step of the record that came last
 * @param last its value, as logged
 * @param min the least value; NaN counts only if there is no other value, and for {@code max} and {@code mean} too
 * @param nans how many of the values are NaN
 * @param sum of the others
 */
public record MetricSummary(
        int metric,
        String name,
        long count,
        long lastStep,
        double last,
        double min,
        double max,
        double mean,
        long nans,
        double sum) {

    MetricSummary withNumber(int number) {
        return new MetricSummary(number, name, count, lastStep, last, min, max, mean, nans, sum);
    }
}
