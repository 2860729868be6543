package dev.daybook.git.dvc;

import dev.daybook.lifecycle.Event.PlotLogged;
import dev.daybook.lifecycle.ExperimentData;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** The custom plots of an experiment as DVCLive writes them: a file of points each, which DVC draws by one of its templates. */
public final class CustomPlots {

    private static final String FOLDER = "plots/custom/";
    private static final String SUFFIX = ".json";

    private CustomPlots() {}

    /** Writes each file, in the order in which the plots were first logged. */
    public static void writeTo(Plots.FileSink sink, ExperimentData data) throws IOException {
        for (var plot : data.plots().values()) {
            var content = content(plot);
            sink.file(path(plot), content.length, new ByteArrayInputStream(content));
        }
    }

    /** Relative to the output folder. */
    static String path(PlotLogged plot) {
        return PlotName.path(FOLDER, plot.name(), SUFFIX);
    }

    /** A list of points; what is no finite number is null, which no template draws. */
    private static byte[] content(PlotLogged plot) {
        var points = Json.array();
        plot.points().forEach(point -> JsonValue.put(points.addObject(), point.entries(), Json::numberOrNull));
        return Json.write(points);
    }
}
