package dev.daybook.lifecycle;

import dev.daybook.lifecycle.Event.CheckpointMade;
import dev.daybook.lifecycle.Event.ExperimentCompleted;
import dev.daybook.lifecycle.Event.ExperimentInitialized;
import dev.daybook.lifecycle.Event.ExperimentPersisted;
import dev.daybook.lifecycle.Event.SavePrepared;
import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Vector;
import java.util.List;
import java.util.Optional;

/**
 * The state of one experiment: what its events so far amount to, metric values apart. Immutable; only {@link ExperimentFold} makes a new
 * one out of an old one.
 *
 * @param overrides by full key (with file), in the order in which they were first set
 * @param metricNumbers the number of each metric's name, in order of definition
 * @param plots the last of each name, in the order in which they were first logged
 * @param prepared a save that was prepared and neither finished nor abandoned
 * @param isDiscarded whether the stream has ended in a discard; the phase is UNINITIALIZED then, as for a stream without events
 */
public record ExperimentData(
        Phase phase,
        Optional<ExperimentInitialized> initialized,
        LinkedHashMap<ParamKey, ParamValue> overrides,
        LinkedHashMap<String, Integer> metricNumbers,
        Vector<CheckpointMade> checkpoints,
        Vector<Event.ArtifactAdded> artifacts,
        LinkedHashMap<String, Event.PlotLogged> plots,
        Vector<String> tags,
        Vector<String> notes,
        Optional<ExperimentCompleted> completed,
        Optional<SavePrepared> prepared,
        Optional<ExperimentPersisted> persisted,
        boolean isDiscarded) {

    private static final ExperimentData EMPTY = new ExperimentData(
            Phase.UNINITIALIZED,
            Optional.empty(),
            LinkedHashMap.empty(),
            LinkedHashMap.empty(),
            Vector.empty(),
            Vector.empty(),
            LinkedHashMap.empty(),
            Vector.empty(),
            Vector.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false);

    /** The state before {@code init}. */
    public static ExperimentData empty() {
        return EMPTY;
    }

    /** The name that {@code init} gave out; the empty text before. */
    public String name() {
        return initialized.map(ExperimentInitialized::name).orElse("");
    }

    /** The facts of {@code init}. */
    public ExperimentInitialized facts() {
        return initialized.orElseThrow(() -> new IllegalStateException("the experiment is not initialized"));
    }

    /** The code that was recorded last: at save, completion, a checkpoint or init. */
    public Code lastCode() {
        return prepared.flatMap(SavePrepared::code)
                .or(() -> completed.flatMap(ExperimentCompleted::code))
                .orElseGet(
                        () -> checkpoints.lastOption().map(CheckpointMade::code).getOrElse(() -> facts().code()));
    }

    /** The commit that the next checkpoint, or the save, goes on from: the last checkpoint, its own or that it began with. */
    public Optional<String> lastCheckpoint() {
        return checkpoints
                .lastOption()
                .map(CheckpointMade::commit)
                .toJavaOptional()
                .or(() -> initialized.flatMap(ExperimentInitialized::origin).map(Origin::commit));
    }

    /** All parameters as they stand: the files' leaves in file order, then the overrides that no file had. */
    public List<Param> params() {
        return ParamTree.params(this);
    }

    /** The full key that a key without a file stands for: the file that has it, else one in which it was set, else the folder's own. */
    public ParamKey resolve(ParamKey key) {
        return new ParamTree.Homes(this).resolve(key);
    }

    /** The file in the output folder that holds the parameters which no other file has. */
    public String ownParamsFile() {
        return facts().outputFolder() + "/params.yaml";
    }

    // One wither for each kind of event, for the fold alone.

    ExperimentData begun(ExperimentInitialized event) {
        var origin = event.origin();
        return new ExperimentData(
                Phase.ACTIVE,
                Optional.of(event),
                origin.map(from -> LinkedHashMap.ofAll(from.overrides())).orElse(overrides),
                origin.map(ExperimentData::numbers).orElse(metricNumbers),
                checkpoints,
                origin.map(from -> Vector.ofAll(from.artifacts())).orElse(artifacts),
                plots,
                tags,
                notes,
                completed,
                prepared,
                persisted,
                false);
    }

    private static LinkedHashMap<String, Integer> numbers(Origin origin) {
        return LinkedHashMap.ofEntries(origin.metrics().stream()
                .map(metric -> Tuple.of(metric.name(), metric.metric()))
                .toList());
    }

    ExperimentData withOverrides(LinkedHashMap<ParamKey, ParamValue> newOverrides) {
        return new ExperimentData(
                phase,
                initialized,
                newOverrides,
                metricNumbers,
                checkpoints,
                artifacts,
                plots,
                tags,
                notes,
                completed,
                prepared,
                persisted,
                isDiscarded);
    }

    ExperimentData withMetric(String metricName, int number) {
        return new ExperimentData(
                phase,
                initialized,
                overrides,
                metricNumbers.put(metricName, number),
                checkpoints,
                artifacts,
                plots,
                tags,
                notes,
                completed,
                prepared,
                persisted,
                isDiscarded);
    }

    ExperimentData withHistory(
            Vector<CheckpointMade> newCheckpoints,
            Vector<Event.ArtifactAdded> newArtifacts,
            Vector<String> newTags,
            Vector<String> newNotes) {
        return new ExperimentData(
                phase,
                initialized,
                overrides,
                metricNumbers,
                newCheckpoints,
                newArtifacts,
                plots,
                newTags,
                newNotes,
                completed,
                prepared,
                persisted,
                isDiscarded);
    }

    ExperimentData withPlot(Event.PlotLogged plot) {
        return new ExperimentData(
                phase,
                initialized,
                overrides,
                metricNumbers,
                checkpoints,
                artifacts,
                plots.put(plot.name(), plot),
                tags,
                notes,
                completed,
                prepared,
                persisted,
                isDiscarded);
    }

    ExperimentData ended(
            Phase newPhase,
            Optional<ExperimentCompleted> newCompleted,
            Optional<SavePrepared> newPrepared,
            Optional<ExperimentPersisted> newPersisted) {
        return new ExperimentData(
                newPhase,
                initialized,
                overrides,
                metricNumbers,
                checkpoints,
                artifacts,
                plots,
                tags,
                notes,
                newCompleted,
                newPrepared,
                newPersisted,
                newPhase == Phase.UNINITIALIZED);
    }
}
