package dev.daybook.git.dvc;

import dev.daybook.lifecycle.Event.PlotLogged;
import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ParamValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Set;

/** The custom plots of an experiment as DVCLive writes them: a file of points each, which DVC draws by one of its templates. */
public final class CustomPlots {

    private static final String FOLDER = "plots/custom/";
    private static final String SUFFIX = ".json";
    private static final Set<String> OF_DVC = Set.of("rev", "filename", "field");

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

    /** What a field is called in the file: DVC writes over an axis that has the name of a column of its own. */
    static String column(PlotLogged plot, String field) {
        boolean isAxis =
                field.equals(plot.view().x()) || field.equals(plot.view().y());
        var column = field;
        while (isAxis && (OF_DVC.contains(column) || !column.equals(field) && isField(plot, column))) {
            column += "_";
        }
        return column;
    }

    private static boolean isField(PlotLogged plot, String name) {
        return plot.points().stream().anyMatch(point -> point.entries().containsKey(name));
    }

    /**
     * A list of points; what is no finite number is null, which no template draws. All have the same fields: DVC takes no notice of a list
     * of others.
     */
    private static byte[] content(PlotLogged plot) {
        var columns = new LinkedHashMap<String, String>();
        plot.points()
                .forEach(point -> point.entries()
                        .keySet()
                        .forEach(field -> columns.computeIfAbsent(field, each -> column(plot, each))));
        var points = Json.array();
        for (var point : plot.points()) {
            var values = new LinkedHashMap<String, ParamValue>();
            point.entries().forEach((field, value) -> values.put(columns.getOrDefault(field, field), value));
            columns.values().forEach(column -> values.putIfAbsent(column, ParamValue.ofNull()));
            JsonValue.put(points.addObject(), values, Json::numberOrNull);
        }
        return Json.write(points);
    }
}
