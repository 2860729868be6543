package dev.daybook.lifecycle;

import java.util.Optional;

/**
 * How a custom plot is to be drawn.
 *
 * @param x the field of the points on the horizontal axis
 * @param y the field on the vertical axis
 * @param template one of DVC's: {@code linear}, {@code scatter}, {@code confusion}, ...
 */
public record PlotView(
        String x, String y, String template, Optional<String> title, Optional<String> xLabel, Optional<String> yLabel) {
    public PlotView {
        Requires.that(!x.isEmpty() && !y.isEmpty(), "a plot needs a field for each axis");
        Requires.that(!template.isEmpty(), "a plot needs a template");
    }
}
