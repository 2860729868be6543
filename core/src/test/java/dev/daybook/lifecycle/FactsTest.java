package dev.daybook.lifecycle;

import static dev.daybook.lifecycle.LifecycleFixture.CODE;
import static dev.daybook.lifecycle.LifecycleFixture.COMMIT;
import static dev.daybook.lifecycle.LifecycleFixture.REF;
import static dev.daybook.lifecycle.LifecycleFixture.artifact;
import static dev.daybook.lifecycle.LifecycleFixture.checkpoint;
import static dev.daybook.lifecycle.LifecycleFixture.completed;
import static dev.daybook.lifecycle.LifecycleFixture.discarded;
import static dev.daybook.lifecycle.LifecycleFixture.fold;
import static dev.daybook.lifecycle.LifecycleFixture.given;
import static dev.daybook.lifecycle.LifecycleFixture.initialized;
import static dev.daybook.lifecycle.LifecycleFixture.number;
import static dev.daybook.lifecycle.LifecycleFixture.persisted;
import static dev.daybook.lifecycle.LifecycleFixture.prepared;
import static dev.daybook.lifecycle.LifecycleFixture.set;
import static dev.daybook.lifecycle.LifecycleFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What the facts of a life say of themselves, and where each limit is exactly. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FactsTest {

    private static final ExperimentId ID = ExperimentId.of(1_700_000_000_123L, new UUID(-1, -1));
    private static final String HALF = "\ud83d";
    private static final ArtifactTraits NONE = ArtifactTraits.DEFAULT;

    // what an experiment begins with

    @Test
    void what_begins_with_a_checkpoint_has_what_that_had() {
        var origin = origin();
        var fold = new ExperimentFold();
        fold.event(begunWith(origin));

        assertThat(fold.data().overrides().toJavaMap()).isEqualTo(values("p.yaml:lr", number(3)));
        assertThat(fold.data().artifacts().asJava()).containsExactly(artifact("data"));
        assertThat(fold.data().metricNumbers().toJavaMap()).isEqualTo(Map.of("loss", 0, "acc", 1));
        assertThat(fold.data().lastCheckpoint()).contains(COMMIT);
        assertThat(fold.metrics()).isEqualTo(origin.metrics());

        fold.metricLogged(0, 8, 1.0);
        assertThat(fold.metrics().get(0)).isEqualTo(new MetricSummary(0, "loss", 4, 8, 1.0, 0.5, 2.5, 4 / 3.0, 1, 4.0));
        fold.metricLogged(1, 1, 0.25);
        assertThat(fold.metrics().get(1)).isEqualTo(new MetricSummary(1, "acc", 2, 1, 0.25, 0.25, 0.25, 0.25, 1, 0.25));
    }

    @Test
    void an_origin_is_what_the_experiment_had_with_its_metrics_numbered_anew() {
        var data = fold(begunWith(origin()), checkpoint());
        var seventh = new MetricSummary(7, "f1", 1, 1, 2, 2, 2, 2, 0, 2);

        var next = Origin.of(ID, data, List.of(seventh), 2, "e".repeat(40));

        assertThat(next)
                .isEqualTo(new Origin(
                        ID,
                        "lr-sweep",
                        2,
                        "e".repeat(40),
                        values("p.yaml:lr", number(3)),
                        List.of(new MetricSummary(0, "f1", 1, 1, 2, 2, 2, 2, 0, 2)),
                        List.of(artifact("data"))));
        assertThat(next.withCommit(COMMIT).commit()).isEqualTo(COMMIT);
        assertThat(next.withCommit(COMMIT).withCommit("e".repeat(40))).isEqualTo(next);
        assertThat(data.lastCheckpoint()).contains(checkpoint().commit());
        assertThat(fold(initialized()).lastCheckpoint()).isEmpty();
    }

    @Test
    void an_origin_takes_over_what_an_experiment_can_have() {
        var good = origin();
        var loss = good.metrics().get(0);
        var data = artifact("data");
        var bad = List.<Supplier<Origin>>of(
                () -> with(good, good.overrides(), List.of(loss, metric(1, "loss", 1, 0)), List.of()),
                () -> with(good, good.overrides(), List.of(metric(0, "", 1, 0)), List.of()),
                () -> with(good, good.overrides(), List.of(metric(0, "a", 0, 0)), List.of()),
                () -> with(good, good.overrides(), List.of(metric(0, "a", 1, 2)), List.of()),
                () -> with(good, good.overrides(), List.of(metric(0, "a", 1, -1)), List.of()),
                () -> with(good, good.overrides(), List.of(metric(1, "a", 1, 0)), List.of()),
                () -> with(good, good.overrides(), List.of(), List.of(data, data)),
                () -> with(good, values("p.yaml:m", ParamValue.of(Map.of("k", number(1)))), List.of(), List.of()));
        for (var each : bad) {
            assertThatThrownBy(each::get).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Origin with(
            Origin of,
            Map<ParamKey, ParamValue> overrides,
            List<MetricSummary> metrics,
            List<Event.ArtifactAdded> artifacts) {
        return new Origin(of.experiment(), of.name(), of.checkpoint(), of.commit(), overrides, metrics, artifacts);
    }

    private static MetricSummary metric(int number, String name, long count, long nans) {
        return new MetricSummary(number, name, count, 0, 1, 1, 1, 1, nans, 1);
    }

    private static Origin origin() {
        var loss = new MetricSummary(0, "loss", 3, 7, 2.5, 0.5, 2.5, 1.5, 1, 3.0);
        var onlyNan = new MetricSummary(1, "acc", 1, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 1, 0.0);
        return new Origin(
                ID,
                "old",
                1,
                COMMIT,
                values("p.yaml:lr", number(3)),
                List.of(loss, onlyNan),
                List.of(artifact("data")));
    }

    private static Event.ExperimentInitialized begunWith(Origin origin) {
        var facts = initialized();
        return new Event.ExperimentInitialized(
                facts.name(),
                CODE,
                Map.of(),
                facts.author(),
                facts.outputFolder(),
                Optional.empty(),
                facts.environment(),
                Optional.of(origin));
    }

    // what they say of themselves

    @Test
    void what_has_not_begun_has_no_facts() {
        assertThatThrownBy(() -> ExperimentData.empty().facts())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the experiment is not initialized");
    }

    @Test
    void an_id_says_when_it_was_given_out() {
        assertThat(ID.epochMilli()).isEqualTo(1_700_000_000_123L);
    }

    @Test
    void an_outcome_is_a_failure_or_none() {
        assertThat(Outcome.failed("why").isFailure()).isTrue();
        assertThat(Outcome.succeeded().isFailure()).isFalse();
        assertThat(Outcome.failed("why")).hasToString("failed: why");
        assertThat(Outcome.succeeded()).hasToString("succeeded");
    }

    @Test
    void nothing_comes_after_what_is_saved_or_discarded() {
        assertThat(persisted().isSettling()).isTrue();
        assertThat(discarded().isSettling()).isTrue();
        assertThat(prepared().isSettling()).isFalse();
        assertThat(completed().isSettling()).isFalse();
    }

    @Test
    void an_artifact_is_a_folder_by_its_hash() {
        assertThat(new Event.ArtifactAdded("a", "md5", "0".repeat(32) + ".dir", 1, 1).isFolder())
                .isTrue();
        assertThat(artifact("a").isFolder()).isFalse();
    }

    @Test
    void an_artifact_is_listed_for_any_one_reason() {
        assertThat(NONE.isListed()).isFalse();
        assertThat(traits(Optional.of("n"), Optional.empty(), Optional.empty(), List.of())
                        .isListed())
                .isTrue();
        assertThat(traits(Optional.empty(), Optional.of("t"), Optional.empty(), List.of())
                        .isListed())
                .isTrue();
        assertThat(traits(Optional.empty(), Optional.empty(), Optional.of("d"), List.of())
                        .isListed())
                .isTrue();
        assertThat(traits(Optional.empty(), Optional.empty(), Optional.empty(), List.of("l"))
                        .isListed())
                .isTrue();
    }

    private static ArtifactTraits traits(
            Optional<String> name, Optional<String> type, Optional<String> description, List<String> labels) {
        return new ArtifactTraits(false, 1, name, type, description, labels);
    }

    @Test
    void what_is_no_object_id_is_in_no_event() {
        assertThatThrownBy(() -> new Event.ExperimentPersisted(REF, "c".repeat(39)))
                .hasMessage("commit is no Git object id: " + "c".repeat(39));
        var facts = initialized();
        assertThatThrownBy(() -> new Event.ExperimentInitialized(
                        "x", CODE, Map.of(), facts.author(), "dvclive", Optional.of("main"), Map.of()))
                .hasMessage("replaces is no Git object id: main");
    }

    @Test
    void a_value_gives_what_its_visitor_gives() {
        for (var value : List.of(
                ParamValue.ofNull(),
                ParamValue.of(true),
                number(1),
                ParamValue.of(0.5),
                ParamValue.of("text"),
                ParamValue.of(List.of()),
                ParamValue.of(Map.of()))) {
            assertThat(value.accept(new Kinds())).isEqualTo(value.getClass().getSimpleName());
        }
    }

    private static final class Kinds implements ParamValue.Visitor<String> {
        @Override
        public String onNull() {
            return "NullValue";
        }

        @Override
        public String onBoolean(boolean value) {
            return "BooleanValue";
        }

        @Override
        public String onLong(long value) {
            return "LongValue";
        }

        @Override
        public String onDouble(double value) {
            return "DoubleValue";
        }

        @Override
        public String onString(String value) {
            return "StringValue";
        }

        @Override
        public String onList(List<ParamValue> values) {
            return "ListValue";
        }

        @Override
        public String onMap(Map<String, ParamValue> entries) {
            return "MapValue";
        }
    }

    @Test
    void an_event_that_cannot_be_says_all_that_stands_against_it() {
        assertThatThrownBy(() -> fold(discarded())).hasMessage("ExperimentDiscarded in phase UNINITIALIZED");
        assertThatThrownBy(() -> fold(initialized(), completed(), prepared(), discarded()))
                .hasMessage("ExperimentDiscarded in phase COMPLETED (with a prepared save)");
        assertThatThrownBy(() -> fold(initialized(), discarded(), checkpoint()))
                .hasMessageStartingWith("CheckpointMade in phase ")
                .hasMessageEndingWith(" (discarded)");
    }

    @Test
    void a_zero_below_zero_is_the_lesser_one() {
        assertThat(Double.toString(summary(0.0, -0.0).min())).isEqualTo("-0.0");
        assertThat(Double.toString(summary(-0.0, 0.0).min())).isEqualTo("-0.0");
        assertThat(Double.toString(summary(0.0, -0.0).max())).isEqualTo("0.0");
        assertThat(Double.toString(summary(-0.0, 0.0).max())).isEqualTo("0.0");
    }

    private static MetricSummary summary(Double... values) {
        var accumulator = new MetricAccumulator();
        List.of(values).forEach(value -> accumulator.add(0, value));
        return accumulator.summary(0, "loss");
    }

    // where a limit is exactly

    @Test
    void a_key_has_a_hundred_segments_and_900_characters_at_most() {
        assertThat(Names.parameter(key(100, "k"))).isEmpty();
        assertThat(Names.parameter(key(101, "k")))
                .hasValueSatisfying(reason -> assertThat(reason).endsWith("' is nested deeper than 100"));
        int most = Names.MAX_PARAMETER_CHARS;
        assertThat(Names.parameter(key(1, "k".repeat(most)))).isEmpty();
        assertThat(Names.parameter(key(1, "k".repeat(most + 1))))
                .hasValueSatisfying(reason -> assertThat(reason).endsWith("' is longer than " + most + " characters"));
        assertThat(Names.value(ParamKey.of("list"), listOfMapWith("k".repeat(most))))
                .isEmpty();
        assertThat(Names.value(ParamKey.of("list"), listOfMapWith("k".repeat(most + 1))))
                .contains("parameter 'list' has a key of more than " + most + " characters");
    }

    private static ParamValue listOfMapWith(String key) {
        return ParamValue.of(List.of(ParamValue.of(Map.of(key, number(1)))));
    }

    private static ParamKey key(int depth, String segment) {
        return new ParamKey(Optional.empty(), Collections.nCopies(depth, segment));
    }

    @Test
    void a_value_has_a_hundred_levels_at_most_with_those_of_its_key() {
        ParamValue deepest = number(1);
        for (int i = 0; i < 99; i++) {
            deepest = ParamValue.of(List.of(deepest));
        }
        assertThat(Names.value(ParamKey.of("k"), deepest)).isEmpty();
        assertThat(Names.value(ParamKey.of("k"), ParamValue.of(List.of(deepest))))
                .contains("parameter 'k' has a value nested deeper than 100");
        assertThat(Names.value(ParamKey.of("k", "k"), deepest)).isPresent();
        given(initialized())
                .when(set("k", ParamValue.of(List.of(ParamValue.of(Map.of("a\u0000b", number(1)))))))
                .refused("parameter 'k' has a key 'a\\u0000b' that holds an invisible character (U+0000)");
    }

    @Test
    void long_names_are_refused_by_their_bytes() {
        var longest = "\u00e9".repeat(Names.MAX_BYTES / 2);
        for (var name : List.of(longest, longest + "ee")) {
            boolean isGood = name.equals(longest);
            assertThat(Names.tag(name).isEmpty()).as(name).isEqualTo(isGood);
            assertThat(Names.plot(name).isEmpty()).as(name).isEqualTo(isGood);
        }
        var file = "p".repeat(Names.MAX_BYTES) + ".yaml";
        assertThat(Names.parameter(new ParamKey(Optional.of(file), List.of("k"))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("' is longer than "));
    }

    // refusals

    @Test
    void what_a_plot_cannot_be_is_said() {
        assertThat(Names.plot("")).contains("plot name '' is empty; give the plot a name");
        given(initialized())
                .when(plot("a//b", "x", "x"))
                .refused("plot name 'a//b' has an empty part, '.', '..' or space at an end between its '/'; each part"
                        + " is a file name");
        given(initialized())
                .when(plot("p", "x", "z"))
                .refused("plot 'p' is to be drawn by the field 'z', which none of its points has; they have [x]");
        var half = new ParamValue.MapValue(Map.of("x", ParamValue.of(HALF)));
        given(initialized())
                .when(new Command.LogPlot(new Event.PlotLogged("p", List.of(half), view("x", "x"))))
                .refused("plot 'p' has a value with half a surrogate pair, which no file can hold");
    }

    private static Command.LogPlot plot(String name, String x, String y) {
        var point = new ParamValue.MapValue(Map.of("x", number(1)));
        return new Command.LogPlot(new Event.PlotLogged(name, List.of(point), view(x, y)));
    }

    private static PlotView view(String x, String y) {
        return new PlotView(x, y, "linear", Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void what_no_file_can_hold_is_said_of_no_artifact() {
        var half = Optional.of(HALF);
        var problem = "artifact 'a' has a description with half a surrogate pair, which no file can hold";
        for (var traits : List.of(
                traits(Optional.empty(), half, Optional.empty(), List.of()),
                traits(Optional.empty(), Optional.empty(), half, List.of()),
                traits(Optional.empty(), Optional.empty(), Optional.empty(), List.of("good", HALF)))) {
            given(initialized()).when(new Command.AddArtifact(with(traits))).refused(problem);
        }
        var good = with(traits(Optional.of("n"), Optional.of("t"), Optional.of("d"), List.of("l")));
        given(initialized()).when(new Command.AddArtifact(good)).then(good);
    }

    private static Event.ArtifactAdded with(ArtifactTraits traits) {
        return new Event.ArtifactAdded("a", "md5", "0".repeat(32), 1, 1, traits);
    }

    @Test
    void a_backslash_is_in_no_path() {
        for (var path : List.of("\\a", "a\\b")) {
            given(initialized())
                    .when(new Command.AddArtifact(artifact(path)))
                    .refused("artifact '" + path + "' is not a path inside the repository; name it from the root");
        }
    }

    @Test
    void a_colon_is_in_no_parameter_file() {
        for (var file : List.of(":a.yaml", "a:b.yaml")) {
            assertThat(Names.parameter(new ParamKey(Optional.of(file), List.of("k"))))
                    .contains(
                            "parameter '" + file + ":k' is in a file whose path holds ':', which stands between a file"
                                    + " and its parameters; rename the file");
        }
    }

    @Test
    void the_pointer_to_an_artifact_has_a_name_that_a_file_system_takes() {
        for (var path : List.of("x".repeat(252), "out/" + "\u00e9".repeat(126), "out/" + "x".repeat(255))) {
            assertThat(Names.artifact(path))
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .startsWith("artifact '")
                            .endsWith(
                                    "' has a name of more than 251 bytes, to which DVC's file beside it adds .dvc, more than"
                                            + " a file system takes; shorten it"));
        }
        assertThat(Names.artifact("x".repeat(251))).isEmpty();
        assertThat(Names.artifact("y".repeat(255) + "/" + "\u00e9".repeat(125))).isEmpty();
    }

    @Test
    void a_dot_and_a_backslash_at_the_beginning_of_a_key_are_escaped() {
        assertThat(ParamKey.of(".a").dotted()).isEqualTo("\\.a");
        assertThat(ParamKey.of("\\a").dotted()).isEqualTo("\\\\a");
        assertThat(ParamKey.of("a", "b").isAncestorOrSelf(ParamKey.of("a", "b")))
                .isTrue();
        assertThat(ParamKey.of("a", "b").isAncestorOrSelf(ParamKey.of("a"))).isFalse();
    }
}
