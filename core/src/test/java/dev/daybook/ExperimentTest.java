package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.daybook.lifecycle.Event.ArtifactAdded;
import dev.daybook.lifecycle.Event.ExperimentDiscarded;
import dev.daybook.lifecycle.Event.ExperimentInitialized;
import dev.daybook.port.InMemoryProjection.Step;
import dev.daybook.port.JournalReading;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The transition table as a user meets it: every call on a handle in every state. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExperimentTest {

    private final World world = new World();
    private final World.Worker process = world.process();

    @AfterEach
    void the_journal_is_sound_whatever_was_done() {
        world.requireSound();
    }

    /** What can be called, under the name that a refusal gives it. */
    @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
    private enum Called {
        INIT("init", Experiment::init),
        SET_PARAM("setParams", run -> run.setParam("lr", 0.5)),
        SET_PARAMS("setParams", run -> run.setParams(Map.of("depth", 3))),
        PARAMS_FILE("setParams", run -> run.paramsFile("params.yaml").set("lr", 0.5)),
        METRIC("logMetric", run -> run.metric("fresh")),
        LOG_METRIC("logMetric", run -> run.logMetric("loss", 0.25)),
        LOG_METRIC_AT_A_STEP("logMetric", run -> run.logMetric("loss", 7, 0.25)),
        LOG_METRICS("logMetric", run -> run.logMetrics(7, Map.of("loss", 0.25))),
        MAKE_CHECKPOINT("makeCheckpoint", run -> run.makeCheckpoint("half way")),
        ADD_ARTIFACT("addArtifact", run -> run.addArtifact(Path.of("model.bin"))),
        TAG("tag", run -> run.tag("good")),
        NOTE("note", run -> run.note("warm-up was too short")),
        COMPLETE("complete", Experiment::complete),
        FAIL("complete", run -> run.fail("out of memory")),
        SAVE("save", Experiment::save),
        SAVE_AS("save", run -> run.saveAs("other")),
        DISCARD("discard", Experiment::discard),
        RESUME("resume", Experiment::resume);

        final String method;
        final Consumer<Experiment> call;

        Called(String method, Consumer<Experiment> call) {
            this.method = method;
            this.call = call;
        }

        private static final Set<Called> ONLY_INIT = EnumSet.of(INIT);
        private static final Set<Called> ENDING = EnumSet.of(SAVE, SAVE_AS, DISCARD);
        private static final Set<Called> SAVING = EnumSet.of(SAVE, SAVE_AS);
        private static final Set<Called> WORKING = EnumSet.complementOf(EnumSet.of(INIT, RESUME));
    }

    /** A handle in a state, and which calls exist there. */
    @SuppressWarnings("ImmutableEnumChecker") // lambdas without state, sets that nobody changes
    private enum Given {
        UNINITIALIZED(Called.ONLY_INIT, ExperimentTest::uninitialized),
        ACTIVE(Called.WORKING, ExperimentTest::active),
        COMPLETED(Called.ENDING, test -> test.active().complete()),
        FAILED(Called.ENDING, test -> test.active().fail("why")),
        PERSISTED(Called.SAVING, test -> {
            var run = test.active();
            run.save();
            return run;
        }),
        DISCARDED(Called.ONLY_INIT, ExperimentTest::discarded),
        RESUMED(Called.WORKING, test -> test.interrupted().resume()),
        INTERRUPTED(
                EnumSet.of(Called.SAVE, Called.SAVE_AS, Called.DISCARD, Called.RESUME), ExperimentTest::interrupted),
        LEFT_COMPLETED(Called.ENDING, test -> {
            test.active().complete();
            test.process.die();
            return test.world.process().find("x");
        }),
        RUN_BY_ANOTHER(Set.of(), test -> {
            test.active();
            return test.world.process().find("x");
        }),
        COMPLETED_BY_ANOTHER(Set.of(), test -> {
            test.active().complete();
            return test.world.process().find("x");
        }),
        CLOSED_UNINITIALIZED(Set.of(), test -> closed(test.uninitialized())),
        CLOSED_ACTIVE(Set.of(), test -> closed(test.active())),
        CLOSED_COMPLETED(Set.of(), test -> closed(test.active().complete())),
        CLOSED_PERSISTED(Set.of(), test -> {
            var run = test.active();
            run.save();
            return closed(run);
        }),
        CLOSED_DISCARDED(Set.of(), test -> closed(test.discarded())),
        CLOSED_INTERRUPTED(Set.of(), test -> closed(test.interrupted()));

        final Set<Called> admits;
        final Function<ExperimentTest, Experiment> handle;

        Given(Set<Called> admits, Function<ExperimentTest, Experiment> handle) {
            this.admits = admits;
            this.handle = handle;
        }

        /** Why a call is refused, apart from the call's name at the front. */
        String reason(Called called) {
            if (name().startsWith("CLOSED_")) {
                return "this handle of experiment 'x' is closed; look the experiment up again with find";
            }
            var isActive = "experiment 'x' is ACTIVE";
            var isNotOurs = "experiment 'x' is not run by this handle; resume it first";
            var isTheirs =
                    "experiment 'x' is being run by journal 00000000 in memory; wait for it, or end that process first";
            return switch (this) {
                case ACTIVE, RESUMED -> called == Called.INIT ? isActive : "experiment 'x' is being run by this handle";
                case INTERRUPTED -> called == Called.INIT ? isActive : isNotOurs;
                case RUN_BY_ANOTHER -> {
                    if (called == Called.INIT) {
                        yield isActive;
                    }
                    yield Called.ENDING.contains(called) || called == Called.RESUME ? isTheirs : isNotOurs;
                }
                case COMPLETED_BY_ANOTHER -> Called.ENDING.contains(called) ? isTheirs : "experiment 'x' is COMPLETED";
                case FAILED, LEFT_COMPLETED -> "experiment 'x' is COMPLETED";
                case DISCARDED -> "experiment 'x' is UNINITIALIZED";
                default -> "experiment 'x' is " + name();
            };
        }
    }

    private Experiment uninitialized() {
        return process.daybook().experiment("x");
    }

    private Experiment active() {
        var run = process.begin("x");
        run.setParam("lr", 0.1);
        run.logMetric("loss", 1);
        return run;
    }

    private Experiment discarded() {
        var run = active();
        run.discard();
        return run;
    }

    private Experiment interrupted() {
        active();
        process.die();
        return world.process().find("x");
    }

    private static Experiment closed(Experiment run) {
        run.close();
        return run;
    }

    private static Stream<Arguments> pairs(boolean admitted) {
        return Arrays.stream(Given.values())
                .flatMap(given -> Arrays.stream(Called.values())
                        .filter(called -> given.admits.contains(called) == admitted)
                        .map(called -> Arguments.of(given, called)));
    }

    private static Stream<Arguments> refusedPairs() {
        return pairs(false);
    }

    private static Stream<Arguments> admittedPairs() {
        return pairs(true);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("refusedPairs")
    void every_other_pair_is_refused_by_name_and_leaves_no_trace(Given given, Called called) {
        var run = given.handle.apply(this);
        var state = run.state();
        var params = run.params().asMap();
        var metrics = run.metrics();
        var before = world.journal();
        var refsBefore = world.git.refs();

        var refusal = catchThrowable(() -> called.call.accept(run));

        assertThat(refusal)
                .isInstanceOfAny(IllegalTransitionException.class, NotOwnerException.class)
                .hasMessage("cannot " + called.method + ": " + given.reason(called));
        if (refusal instanceof IllegalTransitionException transition) {
            assertThat(transition.call()).isEqualTo(called.method);
            assertThat(transition.state()).isEqualTo(state);
        }
        assertThat(world.journal()).isEqualTo(before);
        assertThat(world.git.refs()).isEqualTo(refsBefore);
        assertThat(run.state()).isEqualTo(state);
        assertThat(run.params().asMap()).isEqualTo(params);
        assertThat(run.metrics()).isEqualTo(metrics);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("admittedPairs")
    void the_pairs_of_the_table_lead_where_it_says(Given given, Called called) {
        var run = given.handle.apply(this);
        var before = world.journal();

        called.call.accept(run);

        var after = world.journal();
        assertThat(run.state()).isEqualTo(target(given, called));
        if (given == Given.PERSISTED) {
            assertThat(after).isEqualTo(before);
        } else {
            assertThat(after).containsAll(before).hasSizeGreaterThan(before.size());
        }
    }

    private static ExperimentState target(Given given, Called called) {
        return switch (called) {
            case COMPLETE, FAIL -> ExperimentState.COMPLETED;
            case SAVE, SAVE_AS -> ExperimentState.PERSISTED;
            case DISCARD -> ExperimentState.UNINITIALIZED;
            default -> given == Given.PERSISTED ? ExperimentState.PERSISTED : ExperimentState.ACTIVE;
        };
    }

    @Test
    void a_metric_handle_from_before_the_end_is_refused_too() {
        var run = active();
        var loss = run.metric("loss");
        run.complete();
        var before = world.journal();

        assertThatThrownBy(() -> loss.log(1)).hasMessage("cannot logMetric: experiment 'x' is COMPLETED");
        assertThatThrownBy(() -> loss.log(3, 1)).hasMessage("cannot logMetric: experiment 'x' is COMPLETED");
        run.save();
        assertThatThrownBy(() -> loss.log(1)).hasMessage("cannot logMetric: experiment 'x' is PERSISTED");
        run.close();
        assertThatThrownBy(() -> loss.log(1))
                .hasMessage(
                        "cannot logMetric: this handle of experiment 'x' is closed; look the experiment up again with find");
        assertThat(JournalReading.records(world.journal())).isEqualTo(JournalReading.records(before));
    }

    @Test
    void a_closed_handle_refuses_a_metric_handle_from_before() {
        var run = active();
        var loss = run.metric("loss");
        run.close();
        var before = world.journal();

        assertThatThrownBy(() -> loss.log(1)).isInstanceOf(IllegalTransitionException.class);
        assertThat(world.journal()).isEqualTo(before);
    }

    @Test
    void close_is_repeatable_and_releases_once() {
        var run = active();
        run.close();
        run.close();

        assertThat(world.journal().stream().filter(JournalReading.ReleasedItem.class::isInstance))
                .hasSize(1);
        assertThat(run.state()).isEqualTo(ExperimentState.ACTIVE);
        assertThat(run.metrics()).extracting(MetricSummary::count).containsExactly(1L);
    }

    @Test
    void closing_a_handle_that_does_not_own_the_experiment_releases_nothing() {
        var run = active();
        world.process().find("x").close();

        run.logMetric("loss", 2);
        assertThat(world.journal()).noneMatch(JournalReading.ReleasedItem.class::isInstance);
    }

    @Test
    void before_init_a_handle_knows_its_name_and_nothing_else() {
        var run = uninitialized();

        assertThat(run.name()).isEqualTo("x");
        assertThat(run.id()).isEmpty();
        assertThat(run.params().asMap()).isEmpty();
        assertThat(run.params().contains("lr")).isFalse();
        assertThat(run.metrics()).isEmpty();
        assertThat(run.checkpoints()).isEmpty();
        assertThat(run).hasToString("x UNINITIALIZED");
        assertThat(world.journal()).isEmpty();
    }

    @Test
    void after_discard_the_same_handle_begins_a_new_experiment() {
        var run = active();
        var loss = run.metric("loss");
        loss.log(41, 2);
        run.makeCheckpoint("one");
        run.setParam("depth", 3);
        var firstId = run.id().orElseThrow();
        run.discard();
        assertThat(run.id()).isEmpty();
        assertThat(run.params().asMap()).isEmpty();
        assertThat(run.metrics()).isEmpty();
        assertThat(run.checkpoints()).isEmpty();
        assertThat(world.lastEvent()).isInstanceOf(ExperimentDiscarded.class);

        run.init();
        assertThat(run.name()).isEqualTo("x");
        assertThat(run.id()).isPresent().get().isNotEqualTo(firstId);
        assertThat(run.params().asMap()).isEmpty();
        assertThat(run.metrics()).isEmpty();
        assertThat(run.checkpoints()).isEmpty();

        loss.log(5);
        loss.log(6);
        assertThat(run.metrics()).containsExactly(new MetricSummary("loss", 2, 1, 6, 5, 6, 5.5));
        var saved = run.save();
        assertThat(saved.ref()).isEqualTo(World.REFS + "x");
        assertThat(process.daybook().experiments()).singleElement().satisfies(summary -> {
            assertThat(summary.metrics()).containsExactly(Map.entry("loss", 6.0));
            assertThat(summary.params()).isEmpty();
        });
    }

    @Test
    void a_metric_handle_taken_before_another_was_defined_keeps_its_meaning_after_discard_and_init() {
        var run = process.begin("x");
        var first = run.metric("first");
        var second = run.metric("second");
        run.discard();
        run.init();
        second.log(2);
        first.log(1);

        assertThat(run.metrics()).extracting(MetricSummary::name).containsExactly("second", "first");
        assertThat(run.metrics()).extracting(MetricSummary::last).containsExactly(2.0, 1.0);
    }

    @Test
    void a_refused_argument_leaves_no_trace() {
        var run = active();
        var before = world.journal();
        List<Consumer<Experiment>> slips = List.of(
                it -> it.tag(""),
                it -> it.tag("two\nlines"),
                it -> it.note("  "),
                it -> it.setParam("", 1),
                it -> it.setParam("a..b", 1),
                it -> it.setParam("params.py:lr", 1),
                it -> it.setParam("../x.yaml:lr", 1),
                it -> it.setParams(List.of(1)),
                it -> it.metric(""),
                it -> it.logMetric("a//b", 1));

        for (var slip : slips) {
            assertThatThrownBy(() -> slip.accept(run)).isInstanceOf(InvalidInputException.class);
        }
        assertThat(world.journal()).isEqualTo(before);
    }

    @Test
    void a_bad_new_name_for_a_save_leaves_no_trace() {
        var run = active();
        var before = world.journal();

        assertThatThrownBy(() -> run.saveAs("no good"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("experiment name 'no good' ");
        assertThat(run.state()).isEqualTo(ExperimentState.ACTIVE);
        assertThat(world.journal()).isEqualTo(before);
    }

    @Test
    void an_init_that_fails_in_git_leaves_no_trace_and_can_be_repeated() {
        world.git.fail(Step.START, () -> new RepositoryException("a merge is in progress"));
        var run = uninitialized();

        assertThatThrownBy(run::init).hasMessage("a merge is in progress");
        assertThat(run.state()).isEqualTo(ExperimentState.UNINITIALIZED);
        assertThat(run.id()).isEmpty();
        assertThat(world.journal()).isEmpty();

        world.git.heal();
        assertThat(run.init().name()).isEqualTo("x");
    }

    @Test
    void an_init_that_the_journal_refuses_gives_the_name_back() {
        var run = uninitialized();
        process.journal().beforeAppend(event -> {
            throw new JournalException("disk full");
        });
        assertThatThrownBy(run::init).hasMessage("disk full");
        assertThat(run.state()).isEqualTo(ExperimentState.UNINITIALIZED);
        assertThat(run.id()).isEmpty();
        assertThat(world.git.forgotten()).hasSize(1);

        process.journal().beforeAppend(event -> {});
        assertThat(world.process().begin("x").name()).isEqualTo("x");
    }

    @Test
    void an_event_that_the_journal_refuses_changes_nothing() {
        var run = active();
        var before = world.journal();
        process.journal().beforeAppend(event -> {
            throw new JournalException("disk full");
        });
        assertThatThrownBy(() -> run.setParam("lr", 7)).hasMessage("disk full");
        assertThatThrownBy(run::complete).hasMessage("disk full");
        assertThatThrownBy(run::discard).hasMessage("disk full");
        assertThat(run.state()).isEqualTo(ExperimentState.ACTIVE);
        assertThat(run.params().get("lr")).contains(0.1);
        assertThat(world.journal()).isEqualTo(before);

        process.journal().beforeAppend(event -> {});
        run.logMetric("loss", 3);
        run.save();
        assertThat(run.metrics()).extracting(MetricSummary::count).containsExactly(2L);
    }

    @Test
    void a_checkpoint_is_a_commit_of_code_parameters_and_metrics_so_far() {
        var run = active();
        world.git.setTree("a".repeat(40));
        var first = run.makeCheckpoint("one");
        run.logMetric("loss", 0.5);
        world.git.setTree("b".repeat(40));
        var second = run.makeCheckpoint("two");

        assertThat(first.number()).isEqualTo(1);
        assertThat(first.message()).isEqualTo("one");
        assertThat(run.checkpoints()).containsExactly(first, second);
        var made = world.git.commit(first.commit()).orElseThrow();
        assertThat(made.code().tree()).isEqualTo("a".repeat(40));
        assertThat(made.record().metrics()).hasToString("{loss=DoubleValue[value=1.0]}");
        var next = world.git.commit(second.commit()).orElseThrow();
        assertThat(next.code().tree()).isEqualTo("b".repeat(40));
        assertThat(next.parents()).containsExactly(World.HEAD, first.commit());
        var saved = run.save();
        assertThat(world.git.commit(saved.commit()).orElseThrow().parents())
                .containsExactly(World.HEAD, second.commit());
    }

    @Test
    void a_checkpoint_that_git_refuses_is_none() {
        var run = active();
        var before = world.journal();
        world.git.fail(Step.AFTER_CHECKPOINT, () -> new RepositoryException("disk full"));
        assertThatThrownBy(() -> run.makeCheckpoint("one")).hasMessage("disk full");

        assertThat(run.checkpoints()).isEmpty();
        assertThat(run.state()).isEqualTo(ExperimentState.ACTIVE);
        assertThat(world.journal()).isEqualTo(before);
    }

    @Test
    void an_artifact_is_kept_first_and_recorded_then_with_what_was_said_of_it() {
        world.git.setKeepWarnings("commit .dvc");
        var run = active();

        run.addArtifact(
                Path.of("model.bin"),
                ArtifactOptions.defaults().withName("net").withType("model").withLabels("demo"));
        var before = world.journal();
        run.addArtifact(
                Path.of("model.bin"),
                ArtifactOptions.defaults().withName("net").withType("model").withLabels("demo"));

        assertThat(world.journal()).as("recorded once").isEqualTo(before);
        assertThat(world.warnings).contains("commit .dvc");
        assertThat(world.events().get(world.events().size() - 1)).isInstanceOfSatisfying(ArtifactAdded.class, added -> {
            assertThat(added.path()).isEqualTo("model.bin");
            assertThat(added.bytes()).isEqualTo(9);
            assertThat(added.traits().name()).contains("net");
            assertThat(added.traits().type()).contains("model");
            assertThat(added.traits().labels()).containsExactly("demo");
        });
    }

    @Test
    void an_artifact_that_cannot_be_kept_is_none() {
        var run = active();
        var before = world.journal();
        world.git.fail(Step.KEEP, () -> new RepositoryException("disk full"));

        assertThatThrownBy(() -> run.addArtifact(Path.of("model.bin"))).hasMessage("disk full");

        assertThat(run.state()).isEqualTo(ExperimentState.ACTIVE);
        assertThat(world.journal()).isEqualTo(before);
    }

    @Test
    void a_limit_of_bytes_is_none_below_zero() {
        assertThatThrownBy(() -> ArtifactOptions.defaults().withMaxGitBytes(-1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("-1 is no number of bytes; give 0 to keep nothing in Git");
    }

    @Test
    void saving_twice_gives_the_same_and_writes_once() {
        var run = active();
        var saved = run.save();
        var steps = world.git.steps();

        assertThat(run.save()).isEqualTo(saved);
        assertThat(run.saveAs("other")).isEqualTo(saved);
        assertThat(world.git.steps()).isEqualTo(steps);
        assertThat(world.git.refs()).containsExactly(Map.entry(World.REFS + "x", saved.commit()));
        assertThat(saved.baseline()).isEqualTo(World.HEAD);
        assertThat(saved.name()).isEqualTo("x");
        assertThat(saved).hasToString("x " + saved.commit().substring(0, 7) + " " + World.REFS + "x");
    }

    @Test
    void what_init_records_is_in_the_first_event() {
        process.begin("x");

        assertThat(world.events()).singleElement().isInstanceOfSatisfying(ExperimentInitialized.class, facts -> {
            assertThat(facts.name()).isEqualTo("x");
            assertThat(facts.code().head()).isEqualTo(World.HEAD);
            assertThat(facts.author().name()).isEqualTo("Ada");
            assertThat(facts.outputFolder()).isEqualTo("dvclive");
            assertThat(facts.replaces()).isEmpty();
            assertThat(facts.environment()).containsKeys("java", "os", "host", "pid", "daybook");
        });
    }
}
