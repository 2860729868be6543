package dev.daybook.git;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How two experiments differ, or an experiment and the work tree.
 *
 * @param from what the first one has otherwise than the second one
 * @param to what the second one has instead
 * @param files in the order of their paths; of the work tree those that Git tracks or the experiment has
 */
public record Difference(Side from, Side to, List<FileChange> files) {

    public Difference {
        files = List.copyOf(files);
    }

    /** Whether parameters, metrics and files are the same. */
    public boolean isEmpty() {
        return from.params().isEmpty()
                && from.metrics().isEmpty()
                && to.params().isEmpty()
                && to.metrics().isEmpty()
                && files.isEmpty();
    }

    /**
     * What one side has otherwise; a key that only the other one has is missing.
     *
     * @param commit empty for the work tree
     * @param params by key; a {@code null} parameter has the value {@code null}
     * @param metrics by name
     * @param problems what could not be read of it, each one a sentence: what is missing may be there
     */
    public record Side(
            Optional<String> commit, Map<String, Object> params, Map<String, Object> metrics, List<String> problems) {
        public Side {
            problems = List.copyOf(problems);
            params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
            metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        }
    }
}
