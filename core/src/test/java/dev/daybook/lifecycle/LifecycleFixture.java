package dev.daybook.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.control.Either;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code given(events).when(command).then(events)}, and the events and commands that the tests of the life cycle are made of. */
final class LifecycleFixture {

    static final String BASELINE = "1".repeat(40);
    static final Code CODE = new Code(BASELINE, "2".repeat(40));
    static final Code LATER_CODE = new Code("3".repeat(40), "4".repeat(40));
    static final String COMMIT = "c".repeat(40);
    static final String REF = "refs/exps/11/" + "1".repeat(38) + "/lr-sweep";

    private LifecycleFixture() {}

    static Given given(Event... events) {
        return new Given(List.of(events));
    }

    static ExperimentData fold(Iterable<? extends Event> events) {
        var fold = new ExperimentFold();
        events.forEach(fold::event);
        return fold.data();
    }

    static ExperimentData fold(Event... events) {
        return fold(List.of(events));
    }

    record Given(List<Event> events) {
        When when(Command command) {
            var before = fold(events);
            return new When(before, Decider.decide(before, command));
        }
    }

    /** What came of a command. */
    record When(ExperimentData before, Either<Refusal, io.vavr.collection.List<Event>> decided) {

        /** Exactly these events, and each of them folds. */
        ExperimentData then(Event... events) {
            assertThat(decided.isRight()).as("taken, but: %s", decided).isTrue();
            assertThat(decided.get()).containsExactly(events);
            return decided.get().foldLeft(before, ExperimentFold::evolve);
        }

        void refused(String message) {
            assertThat(decided.isLeft()).as("refused, but: %s", decided).isTrue();
            assertThat(decided.getLeft().message()).isEqualTo(message);
        }
    }

    static Event.ExperimentInitialized initialized() {
        return initialized(Map.of());
    }

    static Event.ExperimentInitialized initialized(Map<String, ParamValue.MapValue> files) {
        return new Event.ExperimentInitialized(
                "lr-sweep",
                CODE,
                files,
                new Author("Ada", "ada@example.org"),
                "dvclive",
                Optional.empty(),
                Map.of("java", "17"));
    }

    static Event.ExperimentInitialized named(String name) {
        return new Event.ExperimentInitialized(
                name, CODE, Map.of(), new Author("Ada", "ada@example.org"), "dvclive", Optional.empty(), Map.of());
    }

    static ParamValue.MapValue map(Object... keysAndValues) {
        var entries = new java.util.LinkedHashMap<String, ParamValue>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            entries.put((String) keysAndValues[i], (ParamValue) keysAndValues[i + 1]);
        }
        return new ParamValue.MapValue(entries);
    }

    static ParamValue number(long value) {
        return ParamValue.of(value);
    }

    /** Keys as they are written, and their values in turn. */
    static Map<ParamKey, ParamValue> values(Object... keysAndValues) {
        var values = new java.util.LinkedHashMap<ParamKey, ParamValue>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(ParamKey.parse((String) keysAndValues[i]), (ParamValue) keysAndValues[i + 1]);
        }
        return values;
    }

    static Command.SetParams set(Object... keysAndValues) {
        return new Command.SetParams(values(keysAndValues));
    }

    static Event.ParamsSet paramsSet(Object... keysAndValues) {
        return new Event.ParamsSet(values(keysAndValues));
    }

    static Event.MetricDefined defined(int number, String name) {
        return new Event.MetricDefined(number, name);
    }

    static Event.CheckpointMade checkpoint() {
        return new Event.CheckpointMade("d".repeat(40), LATER_CODE, "half way");
    }

    static Event.PlotLogged plot(String name) {
        var point = new ParamValue.MapValue(Map.of("x", ParamValue.of(1), "y", ParamValue.of(0.5)));
        return new Event.PlotLogged(
                name,
                List.of(point),
                new PlotView("x", "y", "linear", Optional.empty(), Optional.empty(), Optional.empty()));
    }

    static Event.ArtifactAdded artifact(String path) {
        return new Event.ArtifactAdded(path, "md5", "0123456789abcdef0123456789abcdef", 12, 1);
    }

    static Event.ExperimentCompleted completed() {
        return new Event.ExperimentCompleted(Outcome.succeeded(), Optional.of(CODE));
    }

    static Event.ExperimentCompleted failed(String message) {
        return new Event.ExperimentCompleted(Outcome.failed(message), Optional.empty());
    }

    static Event.SavePrepared prepared() {
        return new Event.SavePrepared(REF, COMMIT, "5".repeat(40), Optional.of(LATER_CODE));
    }

    static Event.SaveAbandoned abandoned() {
        return new Event.SaveAbandoned("the ref was taken");
    }

    static Event.ExperimentPersisted persisted() {
        return new Event.ExperimentPersisted(REF, COMMIT);
    }

    static Event.ExperimentDiscarded discarded() {
        return new Event.ExperimentDiscarded();
    }

    static Event.ExperimentResumed resumed() {
        return new Event.ExperimentResumed("00000000", 7, 1, 0, Map.of("pid", "4711"));
    }
}
