package dev.daybook.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** The samples of all cases of a benchmark, in the order in which they came. Not thread-safe. */
final class Results<K> {

    private final Map<K, Samples> byCase = new LinkedHashMap<>();

    void add(K one, Figures figures) {
        byCase.computeIfAbsent(one, c -> new Samples()).add(figures);
    }

    /** Adds a run of which one thing was measured. */
    void add(K one, String name, long value) {
        var figures = new Figures();
        figures.put(name, value);
        add(one, figures);
    }

    Samples of(K one) {
        var samples = byCase.get(one);
        if (samples == null) {
            throw new IllegalArgumentException(one + " was not run, only " + byCase.keySet());
        }
        return samples;
    }

    void forEach(BiConsumer<K, Samples> action) {
        byCase.forEach(action);
    }
}
