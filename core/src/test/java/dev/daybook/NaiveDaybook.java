package dev.daybook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the experiments of a repository must look like, kept in plain lists and maps by one who was told of every call: no events, no
 * generations, no fold. {@link DaybookProperties} compares it with the real thing.
 */
final class NaiveDaybook {

    /** One value as it was logged. */
    record Logged(String metric, long step, double value) {}

    enum Phase {
        ACTIVE,
        COMPLETED,
        PERSISTED,
        DISCARDED
    }

    /** One experiment. */
    static final class Naive {
        final int number;
        final String name;
        final Map<String, Long> params = new LinkedHashMap<>();
        final List<String> metricOrder = new ArrayList<>();
        final List<Logged> logged = new ArrayList<>();
        int checkpoints;
        Phase phase = Phase.ACTIVE;

        @Nullable
        String failure;
        /** The code that was recorded last. */
        String tree;
        /** The process that works on it; -1 if it was let go. */
        int owner;
        /** The name under which a save was prepared and not finished. */
        @Nullable
        String prepared;
        /** The name under which it is saved. */
        @Nullable
        String savedAs;

        Naive(int number, String name, String tree, int owner) {
            this.number = number;
            this.name = name;
            this.tree = tree;
            this.owner = owner;
        }

        boolean isUnfinished() {
            return phase == Phase.ACTIVE || phase == Phase.COMPLETED;
        }

        long nextStep(String metric) {
            return logged.stream()
                    .filter(it -> it.metric().equals(metric))
                    .reduce((one, two) -> two)
                    .map(it -> it.step() + 1)
                    .orElse(0L);
        }

        void log(String metric, long step, double value) {
            define(metric);
            logged.add(new Logged(metric, step, value));
        }

        void define(String metric) {
            if (!metricOrder.contains(metric)) {
                metricOrder.add(metric);
            }
        }

        List<MetricSummary> summaries() {
            var summaries = new ArrayList<MetricSummary>();
            for (var metric : metricOrder) {
                var mine =
                        logged.stream().filter(it -> it.metric().equals(metric)).toList();
                if (!mine.isEmpty()) {
                    var last = mine.get(mine.size() - 1);
                    var numbers = mine.stream()
                            .mapToDouble(Logged::value)
                            .filter(v -> !Double.isNaN(v))
                            .toArray();
                    double sum = 0;
                    for (double number : numbers) {
                        sum += number;
                    }
                    summaries.add(new MetricSummary(
                            metric,
                            mine.size(),
                            last.step(),
                            last.value(),
                            java.util.Arrays.stream(numbers).min().orElse(Double.NaN),
                            java.util.Arrays.stream(numbers).max().orElse(Double.NaN),
                            numbers.length == 0 ? Double.NaN : sum / numbers.length));
                }
            }
            return summaries;
        }

        Map<String, Object> lastValues() {
            var values = new LinkedHashMap<String, Object>();
            summaries().forEach(summary -> values.put(summary.name(), summary.last()));
            return values;
        }
    }

    final List<Naive> all = new ArrayList<>();
    final TreeMap<String, Naive> refs = new TreeMap<>();

    Naive begin(String asked, String tree, int owner) {
        var fresh = new Naive(all.size(), freeName(asked), tree, owner);
        all.add(fresh);
        return fresh;
    }

    private String freeName(String asked) {
        for (int number = 1; ; number++) {
            var name = number == 1 ? asked : asked + "-" + number;
            if (!refs.containsKey(name) && all.stream().noneMatch(it -> it.isUnfinished() && it.name.equals(name))) {
                return name;
            }
        }
    }

    void persist(Naive experiment, String name) {
        experiment.phase = Phase.PERSISTED;
        experiment.prepared = null;
        experiment.savedAs = name;
        refs.put(name, experiment);
    }

    /** A process is gone. */
    void letGo(int process) {
        all.stream().filter(it -> it.owner == process).forEach(it -> it.owner = -1);
    }

    /** The list as a user would see it, a line each. */
    List<String> lines() {
        var lines = new ArrayList<String>();
        all.stream().filter(Naive::isUnfinished).forEach(it -> {
            var status = it.phase == Phase.COMPLETED ? "COMPLETED" : it.owner < 0 ? "INTERRUPTED" : "RUNNING";
            lines.add(line(it.name, status, it));
        });
        refs.forEach((name, it) -> lines.add(line(name, "PERSISTED", it)));
        return lines;
    }

    private static String line(String name, String status, Naive it) {
        return name + " " + status + " " + it.params + " " + it.lastValues() + " " + it.failure;
    }
}
