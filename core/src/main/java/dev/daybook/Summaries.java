package dev.daybook;

import dev.daybook.ExperimentSummary.Status;
import dev.daybook.lifecycle.Phase;
import dev.daybook.port.SavedRecord;
import java.util.LinkedHashMap;
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
        var metrics = new LinkedHashMap<String, Object>();
        for (var metric : saved.metrics().entrySet()) {
            metrics.put(metric.getKey(), ParamValues.toObject(metric.getValue()));
        }
        return new ExperimentSummary(
                saved.name(),
                Status.PERSISTED,
                saved.baseline(),
                Optional.of(saved.ref()),
                Optional.of(saved.commit()),
                saved.time(),
                Params.asMap(saved.params()),
                metrics,
                saved.failure(),
                saved.problems());
    }
}
