package dev.daybook.lifecycle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The checkpoint of another experiment that an experiment begins with, and what it takes over from there.
 *
 * @param experiment the other one
 * @param name its name
 * @param checkpoint the number of the checkpoint in it, from 1
 * @param commit the checkpoint
 * @param overrides by full key, in the order in which they were first set
 * @param metrics in the order of their numbers, which start at 0; each with a record at least
 * @param artifacts what was added until then
 */
public record Origin(
        ExperimentId experiment,
        String name,
        int checkpoint,
        String commit,
        Map<ParamKey, ParamValue> overrides,
        List<MetricSummary> metrics,
        List<Event.ArtifactAdded> artifacts) {
    public Origin {
        Requires.that(checkpoint > 0, "checkpoints are numbered from 1");
        Requires.objectId(commit, "commit");
        overrides = Collections.unmodifiableMap(new LinkedHashMap<>(overrides));
        metrics = List.copyOf(metrics);
        artifacts = List.copyOf(artifacts);
        for (int number = 0; number < metrics.size(); number++) {
            Requires.that(metrics.get(number).metric() == number, "metric numbers start at 0 and have no gaps");
        }
        metrics.forEach(metric -> {
            Requires.that(metric.count() > 0, "an experiment begins with metrics that have a record");
            Requires.that(metric.nans() >= 0 && metric.nans() <= metric.count(), "more NaN than records");
        });
        requireDistinct(metrics.stream().map(MetricSummary::name), "metric");
        requireDistinct(artifacts.stream().map(Event.ArtifactAdded::path), "artifact");
        Requires.leaves(overrides);
    }

    private static void requireDistinct(Stream<String> names, String what) {
        var seen = new HashSet<String>();
        names.forEach(name -> Requires.that(!name.isEmpty() && seen.add(name), what + " without a name, or twice"));
    }

    /**
     * A checkpoint of an experiment as it stands.
     *
     * @param metrics those that have a record; the others are not taken over
     * @param commit what holds it
     */
    public static Origin of(
            ExperimentId experiment, ExperimentData data, List<MetricSummary> metrics, int checkpoint, String commit) {
        var renumbered = new ArrayList<MetricSummary>();
        metrics.forEach(metric -> renumbered.add(metric.withNumber(renumbered.size())));
        return new Origin(
                experiment,
                data.name(),
                checkpoint,
                commit,
                new LinkedHashMap<>(data.overrides().toJavaMap()),
                renumbered,
                data.artifacts().asJava());
    }

    /** The same, held by another commit. */
    public Origin withCommit(String newCommit) {
        return new Origin(experiment, name, checkpoint, newCommit, overrides, metrics, artifacts);
    }
}
