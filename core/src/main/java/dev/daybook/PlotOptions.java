package dev.daybook;

import dev.daybook.lifecycle.PlotView;
import java.util.Optional;

/** How a custom plot is to be drawn; immutable. */
public final class PlotOptions {

    private final PlotView view;

    private PlotOptions(PlotView view) {
        this.view = view;
    }

    /**
     * A line through the points, DVC's template {@code linear}.
     *
     * @param x the field of the points on the horizontal axis
     * @param y the field on the vertical axis
     */
    public static PlotOptions of(String x, String y) {
        if (x.isEmpty() || y.isEmpty()) {
            throw new InvalidInputException("a plot needs a field of its points for each axis; name them");
        }
        return new PlotOptions(new PlotView(x, y, "linear", Optional.empty(), Optional.empty(), Optional.empty()));
    }

    /** Another template of DVC: {@code scatter}, {@code confusion}, {@code smooth}, {@code bar_horizontal}, ... or one of the repository's. */
    public PlotOptions withTemplate(String template) {
        if (template.isEmpty()) {
            throw new InvalidInputException("a plot needs a template; the usual one is 'linear'");
        }
        return new PlotOptions(new PlotView(view.x(), view.y(), template, view.title(), view.xLabel(), view.yLabel()));
    }

    public PlotOptions withTitle(String title) {
        return new PlotOptions(
                new PlotView(view.x(), view.y(), view.template(), Optional.of(title), view.xLabel(), view.yLabel()));
    }

    /** What stands at the axes; the names of the fields if this is not said. */
    public PlotOptions withLabels(String xLabel, String yLabel) {
        return new PlotOptions(new PlotView(
                view.x(), view.y(), view.template(), view.title(), Optional.of(xLabel), Optional.of(yLabel)));
    }

    PlotView view() {
        return view;
    }
}
