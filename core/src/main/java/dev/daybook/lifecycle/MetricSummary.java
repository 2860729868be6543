package dev.daybook.lifecycle;

/**
 * One metric's values in five numbers.
 *
 * @param metric its number in the experiment
 * @param count of all records
 * @param lastStep the step of the record that came last
 * @param last its value, as logged
 * @param min the least value; NaN counts only if there is no other value, and for {@code max} and {@code mean} too
 */
public record MetricSummary(
        int metric, String name, long count, long lastStep, double last, double min, double max, double mean) {}
