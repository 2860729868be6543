package dev.daybook.git.dvc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.lifecycle.MetricSummary;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code metrics.json}: the last value of each metric, nested by the {@code /} in the names as DVCLive does, and the last step.
 *
 * <p>A metric below another metric's name cannot be nested ({@code m} is a number, so {@code m/x} has no place in it) and is written with
 * its {@code /}, which is unique and safe in DVC's tables. What is no finite number is {@code null}.
 */
public final class MetricsJson {

    /** Holds the largest step; no metric has this name. */
    static final String STEP = "step";

    private MetricsJson() {}

    /** @param metrics in the order of the file, each with a record at least */
    public static byte[] write(List<MetricSummary> metrics) {
        var names = new HashSet<String>();
        names.add(STEP);
        metrics.forEach(metric -> names.add(metric.name()));
        var root = Json.object();
        for (var metric : metrics) {
            var place =
                    isBelowAnother(metric.name(), names) ? new Place(root, metric.name()) : place(root, metric.name());
            place.object.set(place.key, Json.numberOrNull(metric.last()));
        }
        metrics.stream().mapToLong(MetricSummary::lastStep).max().ifPresent(step -> root.put(STEP, step));
        return Json.write(root);
    }

    private record Place(ObjectNode object, String key) {}

    private static boolean isBelowAnother(String name, Set<String> names) {
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            if (names.contains(name.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    private static Place place(ObjectNode root, String name) {
        var segments = name.split("/", -1);
        var object = root;
        for (int i = 0; i < segments.length - 1; i++) {
            object = object.get(segments[i]) instanceof ObjectNode nested ? nested : object.putObject(segments[i]);
        }
        return new Place(object, segments[segments.length - 1]);
    }
}
