package dev.daybook.lifecycle;

import dev.daybook.lifecycle.Event.ExperimentCompleted;
import dev.daybook.lifecycle.Event.SavePrepared;
import io.vavr.collection.LinkedHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Folds the events of one experiment into its state. {@link #evolve} is the pure function; an instance strings it over a stream and adds
 * up metric records in primitive accumulators, so that folding a record allocates nothing.
 *
 * <p>An impossible event is refused with {@link InvariantViolation} and changes nothing: a fold that kept quiet would hide a damaged
 * journal. Not thread-safe.
 */
public final class ExperimentFold {

    private ExperimentData data;
    private MetricAccumulator[] accumulators = {};
    private long metricRecords;

    // of the data, at hand for each record
    private boolean isActive;
    private int defined;

    public ExperimentFold() {
        this(ExperimentData.empty());
    }

    private ExperimentFold(ExperimentData data) {
        this.data = data;
        look();
    }

    private void look() {
        isActive = data.phase() == Phase.ACTIVE;
        defined = data.metricNumbers().size();
    }

    /** The state after one more event. */
    public static ExperimentData evolve(ExperimentData data, Event event) {
        return Invariants.checked(event.accept(new Evolution(data)));
    }

    public void event(Event event) {
        data = evolve(data, event);
        look();
        if (event instanceof Event.ExperimentInitialized begun) {
            begun.origin()
                    .ifPresent(origin -> accumulators = origin.metrics().stream()
                            .map(MetricAccumulator::from)
                            .toArray(MetricAccumulator[]::new));
        }
    }

    /** Whether a record of a metric is possible now. */
    public boolean takes(int metric) {
        return isActive && metric >= 0 && metric < defined;
    }

    /**
     * One metric record.
     *
     * @param metric the number that a {@link Event.MetricDefined} before it has given
     */
    public void metricLogged(int metric, long step, double value) {
        if (!isActive) {
            throw new InvariantViolation("a metric record in phase " + data.phase());
        }
        if (metric < 0 || metric >= defined) {
            throw new InvariantViolation("a record of metric " + metric + ", which was never defined");
        }
        if (metric >= accumulators.length) {
            int before = accumulators.length;
            accumulators = Arrays.copyOf(accumulators, Math.max(metric + 1, 2 * before));
            Arrays.setAll(accumulators, i -> i < before ? accumulators[i] : new MetricAccumulator());
        }
        accumulators[metric].add(step, value);
        metricRecords++;
    }

    public ExperimentData data() {
        return data;
    }

    /** How many metric records were folded; what the experiment began with does not count. */
    public long metricRecords() {
        return metricRecords;
    }

    /** The metrics that have at least one record, in order of definition. */
    public List<MetricSummary> metrics() {
        var summaries = new ArrayList<MetricSummary>();
        data.metricNumbers().forEach((name, number) -> {
            if (number < accumulators.length && accumulators[number].count() > 0) {
                summaries.add(accumulators[number].summary(number, name));
            }
        });
        return summaries;
    }

    /** An independent fold that stands where this one stands. */
    public ExperimentFold copy() {
        var copy = new ExperimentFold(data);
        copy.accumulators =
                Arrays.stream(accumulators).map(MetricAccumulator::copy).toArray(MetricAccumulator[]::new);
        copy.metricRecords = metricRecords;
        return copy;
    }

    private record Evolution(ExperimentData data) implements Event.Visitor<ExperimentData> {

        @Override
        public ExperimentData onInitialized(Event.ExperimentInitialized event) {
            if (data.initialized().isPresent()) {
                throw new InvariantViolation("ExperimentInitialized for the second time");
            }
            return data.begun(event);
        }

        @Override
        public ExperimentData onParamsSet(Event.ParamsSet event) {
            in(Phase.ACTIVE, event);
            var leaves = new ParamTree.Leaves();
            data.overrides().forEach(leaves::put);
            for (var entry : event.values().entrySet()) {
                if (entry.getKey().file().isEmpty()) {
                    throw new InvariantViolation("ParamsSet holds a key without a file: " + entry.getKey());
                }
                leaves.put(entry.getKey(), entry.getValue());
            }
            return data.withOverrides(LinkedHashMap.ofAll(leaves.byKey));
        }

        @Override
        public ExperimentData onMetricDefined(Event.MetricDefined event) {
            in(Phase.ACTIVE, event);
            if (event.metric() != data.metricNumbers().size()
                    || data.metricNumbers().containsKey(event.name())) {
                throw new InvariantViolation("metric '" + event.name() + "' as number " + event.metric() + " after "
                        + data.metricNumbers().size() + " others");
            }
            return data.withMetric(event.name(), event.metric());
        }

        @Override
        public ExperimentData onCheckpointMade(Event.CheckpointMade event) {
            in(Phase.ACTIVE, event);
            return data.withHistory(data.checkpoints().append(event), data.artifacts(), data.tags(), data.notes());
        }

        @Override
        public ExperimentData onArtifactAdded(Event.ArtifactAdded event) {
            in(Phase.ACTIVE, event);
            var others = data.artifacts().reject(other -> other.path().equals(event.path()));
            return data.withHistory(data.checkpoints(), others.append(event), data.tags(), data.notes());
        }

        @Override
        public ExperimentData onPlotLogged(Event.PlotLogged event) {
            in(Phase.ACTIVE, event);
            return data.withPlot(event);
        }

        @Override
        public ExperimentData onTagged(Event.Tagged event) {
            in(Phase.ACTIVE, event);
            return data.withHistory(
                    data.checkpoints(), data.artifacts(), data.tags().append(event.tag()), data.notes());
        }

        @Override
        public ExperimentData onNoteTaken(Event.NoteTaken event) {
            in(Phase.ACTIVE, event);
            return data.withHistory(
                    data.checkpoints(),
                    data.artifacts(),
                    data.tags(),
                    data.notes().append(event.text()));
        }

        @Override
        public ExperimentData onCompleted(ExperimentCompleted event) {
            in(Phase.ACTIVE, event);
            return data.ended(Phase.COMPLETED, Optional.of(event), Optional.empty(), Optional.empty());
        }

        @Override
        public ExperimentData onSavePrepared(SavePrepared event) {
            in(Phase.COMPLETED, event);
            if (data.prepared().isPresent()) {
                throw new InvariantViolation("SavePrepared while another save is prepared");
            }
            return data.ended(Phase.COMPLETED, data.completed(), Optional.of(event), Optional.empty());
        }

        @Override
        public ExperimentData onSaveAbandoned(Event.SaveAbandoned event) {
            var code = requirePrepared(event).code();
            // The code that the abandoned save has recorded stays the last one.
            var completed =
                    data.completed().map(before -> new ExperimentCompleted(before.outcome(), code.or(before::code)));
            return data.ended(Phase.COMPLETED, completed, Optional.empty(), Optional.empty());
        }

        @Override
        public ExperimentData onPersisted(Event.ExperimentPersisted event) {
            var prepared = requirePrepared(event);
            if (!prepared.ref().equals(event.ref()) || !prepared.commit().equals(event.commit())) {
                throw new InvariantViolation("persisted as " + event.ref() + " " + event.commit() + ", but prepared as "
                        + prepared.ref() + " " + prepared.commit());
            }
            return data.ended(Phase.PERSISTED, data.completed(), data.prepared(), Optional.of(event));
        }

        @Override
        public ExperimentData onDiscarded(Event.ExperimentDiscarded event) {
            if (data.phase() == Phase.COMPLETED && data.prepared().isEmpty() || data.phase() == Phase.ACTIVE) {
                return data.ended(Phase.UNINITIALIZED, data.completed(), Optional.empty(), Optional.empty());
            }
            throw impossible(event);
        }

        @Override
        public ExperimentData onResumed(Event.ExperimentResumed event) {
            in(Phase.ACTIVE, event);
            return data;
        }

        private void in(Phase phase, Event event) {
            if (data.phase() != phase) {
                throw impossible(event);
            }
        }

        private SavePrepared requirePrepared(Event event) {
            in(Phase.COMPLETED, event);
            return data.prepared().orElseThrow(() -> impossible(event));
        }

        private InvariantViolation impossible(Event event) {
            return new InvariantViolation(event.getClass().getSimpleName() + " in phase " + data.phase()
                    + (data.isDiscarded() ? " (discarded)" : "")
                    + (data.prepared().isPresent() ? " (with a prepared save)" : ""));
        }
    }
}
