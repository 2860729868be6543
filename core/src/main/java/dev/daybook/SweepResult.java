package dev.daybook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How it went with many experiments that were saved at once.
 *
 * @param saved those that are saved, in the order in which they were given; those that were saved before too
 * @param failures what kept the others from being saved; they can be saved again
 */
public record SweepResult(List<SavedExperiment> saved, Map<Experiment, DaybookException> failures) {

    public SweepResult {
        saved = List.copyOf(saved);
        failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    }

    /**
     * What is saved, if that is all.
     *
     * @throws DaybookException the first failure, with the others suppressed in it
     */
    public List<SavedExperiment> orThrow() {
        var all = new ArrayList<>(failures.values());
        if (!all.isEmpty()) {
            var first = all.get(0);
            all.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
            throw first;
        }
        return saved;
    }
}
