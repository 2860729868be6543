package dev.daybook.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The line plots in what {@code dvc plots diff --json} prints, which are Vega-Lite specifications, by the metric that they show. */
final class Plots {

    private static final Pattern FILE = Pattern.compile("dvclive/plots/metrics/(.+)\\.tsv");

    private final Map<String, JsonNode> byMetric = new LinkedHashMap<>();

    private Plots() {}

    static Plots of(JsonNode diff) {
        var plots = new Plots();
        for (var ofOneFile : diff.get("data")) {
            for (var plot : ofOneFile) {
                if (plot.get("type").asText().equals("vega")) {
                    var content = plot.get("content");
                    plots.byMetric.put(metric(content.at("/title/text").asText()), content);
                }
            }
        }
        return plots;
    }

    /**
     * The specification of a plot of any kind.
     *
     * @param drawn what {@code dvc plots show --json} or {@code diff --json} prints
     */
    static JsonNode named(JsonNode drawn, String title) {
        for (var ofOneFile : drawn.get("data")) {
            for (var plot : ofOneFile) {
                if (plot.at("/content/title/text").asText().equals(title)) {
                    return plot.get("content");
                }
            }
        }
        throw new AssertionError("no plot '" + title + "' in " + drawn);
    }

    /** DVC takes the file for a title where there is none. */
    private static String metric(String title) {
        var file = FILE.matcher(title);
        return file.matches() ? file.group(1) : title;
    }

    Set<String> metrics() {
        return byMetric.keySet();
    }

    /** {@code step value} of each point of an experiment's line, as DVC will draw them. */
    List<String> points(String metric, String experiment) {
        var plot = byMetric.get(metric);
        if (plot == null) {
            throw new AssertionError("no plot of '" + metric + "', only of " + metrics());
        }
        var column = plot.at("/layer/0/encoding/y/field").asText().replace("\\", "");
        var points = new ArrayList<String>();
        for (var row : plot.at("/data/values")) {
            if (row.get("rev").asText().equals(experiment)) {
                points.add(row.path("step").asText() + " " + row.path(column).asText());
            }
        }
        return points;
    }
}
