package dev.daybook.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of several forks of the same thing, by name. Not thread-safe. */
final class Samples {

    private final Map<String, List<Double>> samples = new LinkedHashMap<>();

    void add(Figures figures) {
        figures.byName()
                .forEach((name, value) ->
                        samples.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }

    boolean has(String name) {
        return samples.containsKey(name);
    }

    /** The median over the forks; of an even number of them, the mean of the two in the middle. */
    double median(String name) {
        var sorted = sorted(name);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double least(String name) {
        return sorted(name).get(0);
    }

    double greatest(String name) {
        var sorted = sorted(name);
        return sorted.get(sorted.size() - 1);
    }

    private List<Double> sorted(String name) {
        var values = samples.get(name);
        if (values == null) {
            throw new IllegalArgumentException("no fork has measured " + name + ", only " + samples.keySet());
        }
        return values.stream().sorted().toList();
    }
}
