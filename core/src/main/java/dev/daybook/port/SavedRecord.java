package dev.daybook.port;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A saved experiment as its ref and commit tell it, whoever wrote it.
 *
 * @param id of an experiment that Daybook wrote; empty for DVC's
 * @param params by full key, leaves
 * @param metrics by name as the metrics file nests them, joined with {@code /}
 * @param failure what made it fail, if it did and Daybook wrote it
 * @param problems what could not be read of it
 */
public record SavedRecord(
        String name,
        String ref,
        String commit,
        String baseline,
        Instant time,
        Optional<ExperimentId> id,
        Map<ParamKey, ParamValue> params,
        Map<String, ParamValue> metrics,
        Optional<String> failure,
        List<String> problems) {
    public SavedRecord {
        params = SharedKeys.frozen(params);
        metrics = SharedKeys.frozen(metrics);
        problems = List.copyOf(problems);
    }
}
