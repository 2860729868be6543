package dev.daybook;

import dev.daybook.ExperimentSummary.Status;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.Phase;
import dev.daybook.port.SavedRecord;
import dev.daybook.port.SharedKeys;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Lines of the list of experiments, out of the journal and out of Git. */
final class Summaries {

    private Summaries() {}

    static ExperimentSummary of(Stream stream) {
        var data = stream.data();
        var metrics = new LinkedHashMap<String, Object>();
        stream.fold().metrics().forEach(metric -> metrics.put(metric.name(), metric.last()));
        return new ExperimentSummary(
                data.name(),
                status(stream),
                data.facts().code().head(),
                Optional.empty(),
                Optional.empty(),
                stream.time(),
                new Params(data).asMap(),
                metrics,
                data.completed().flatMap(completed -> completed.outcome().failure()),
                stream.damage());
    }

    private static Status status(Stream stream) {
        if (stream.data().phase() == Phase.COMPLETED) {
            return Status.COMPLETED;
        }
        return stream.isAbandoned() ? Status.INTERRUPTED : Status.RUNNING;
    }

    static ExperimentSummary of(SavedRecord saved) {
        return new ExperimentSummary(
                saved.name(),
                Status.PERSISTED,
                saved.baseline(),
                Optional.of(saved.ref()),
                Optional.of(saved.commit()),
                saved.time(),
                Params.asMap(saved.params()),
                metrics(saved.metrics()),
                saved.failure(),
                saved.problems());
    }

    private static Map<String, Object> metrics(Map<String, ParamValue> values) {
        if (values instanceof SharedKeys.Values<String, ParamValue> shared) {
            return shared.shared().with(ParamValues.toObjects(shared.values()));
        }
        var metrics = new LinkedHashMap<String, Object>();
        values.forEach((name, value) -> metrics.put(name, ParamValues.toObject(value)));
        return metrics;
    }
}
