package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.ExperimentSummary.Status;
import dev.daybook.World.Death;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.Event.ExperimentCompleted;
import dev.daybook.lifecycle.Event.ExperimentInitialized;
import dev.daybook.lifecycle.Event.ExperimentPersisted;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.lifecycle.Names;
import dev.daybook.lifecycle.Outcome;
import dev.daybook.port.InMemoryProjection.Step;
import dev.daybook.port.JournalReading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DaybookTest {

    private static final String TREE_A = "a".repeat(40);
    private static final String TREE_B = "b".repeat(40);
    private static final String TREE_C = "c".repeat(40);

    private final World world = new World();
    private final World.Worker process = world.process();

    @AfterEach
    void the_journal_is_sound_whatever_was_done() {
        world.requireSound();
    }

    private Status status(String name) {
        return summary(name).status();
    }

    private ExperimentSummary summary(String name) {
        return world.process().daybook().experiments().stream()
                .filter(summary -> summary.name().equals(name))
                .reduce((one, two) -> {
                    throw new AssertionError("two experiments " + name);
                })
                .orElseThrow(() -> new AssertionError("no experiment " + name));
    }

    private <E extends Event> E event(Class<E> type) {
        var events = world.events().stream().filter(type::isInstance).toList();
        assertThat(events).hasSize(1);
        return type.cast(events.get(0));
    }

    private String treeOf(SavedExperiment saved) {
        return world.git.commit(saved.commit()).orElseThrow().code().tree();
    }

    @Test
    void untracked_files_that_are_left_out_are_said_when_their_number_changes() {
        world.git.setLeftOut(3);
        process.daybook().experiment("x").init();
        process.daybook().experiment("y").init();
        world.git.setLeftOut(1);
        process.daybook().experiment("z").init();

        assertThat(world.warnings)
                .filteredOn(warning -> warning.contains(" not in the recorded code"))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("3 untracked files are not"),
                        second -> assertThat(second).startsWith("1 untracked file is not"));
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class Run {

        @Test
        void saves_what_the_body_has_done() {
            var saved = process.daybook()
                    .run("x", run -> {
                        run.setParam("lr", 0.5);
                        run.logMetric("loss", 1);
                    })
                    .orElseThrow();

            assertThat(saved.ref()).isEqualTo(World.REFS + "x");
            assertThat(world.git.refs()).containsOnly(Map.entry(World.REFS + "x", saved.commit()));
            assertThat(summary("x").params()).isEqualTo(Map.of("lr", 0.5));
            assertThat(summary("x").metrics()).isEqualTo(Map.of("loss", 1.0));
            assertThat(event(ExperimentCompleted.class).outcome()).isEqualTo(Outcome.succeeded());
        }

        @Test
        void completes_as_failed_and_rethrows_whatever_the_body_throws() {
            for (Throwable thrown : List.of(
                    new IOException("no data"),
                    new IllegalStateException("no luck"),
                    new OutOfMemoryError("no heap"))) {
                var of = new World();
                assertThatThrownBy(() -> of.process().daybook().run("x", run -> {
                            run.logMetric("loss", 1);
                            DaybookTest.<RuntimeException>sneak(thrown);
                        }))
                        .isSameAs(thrown);
                assertThat(thrown.getSuppressed()).isEmpty();
                assertThat(of.lastEvent())
                        .isInstanceOfSatisfying(
                                ExperimentCompleted.class,
                                completed ->
                                        assertThat(completed.outcome()).isEqualTo(Outcome.failed(thrown.toString())));
                assertThat(of.git.refs()).isEmpty();
                assertThat(of.process().daybook().experiments()).singleElement().satisfies(summary -> {
                    assertThat(summary.status()).isEqualTo(Status.COMPLETED);
                    assertThat(summary.failure()).contains(thrown.toString());
                    assertThat(summary.metrics()).isEqualTo(Map.of("loss", 1.0));
                });

                var late = of.process().find("x").save();
                assertThat(of.git.commit(late.commit()).orElseThrow().record().failure())
                        .contains(thrown.toString());
            }
        }

        @Test
        void leaves_what_the_body_has_saved() {
            var inside = new ArrayList<SavedExperiment>();
            var saved = process.daybook().run("x", run -> {
                inside.add(run.saveAs("better"));
            });
            assertThat(saved).contains(inside.get(0));
            assertThat(world.git.refs()).containsOnlyKeys(World.REFS + "better");
        }

        @Test
        void saves_nothing_that_the_body_has_discarded() {
            assertThat(process.daybook().run("x", Experiment::discard)).isEmpty();
            assertThat(world.git.refs()).isEmpty();
            assertThat(process.daybook().experiments()).isEmpty();
        }

        @Test
        void saves_the_second_experiment_of_a_body_that_has_discarded_the_first() {
            var saved = process.daybook().run("x", run -> {
                run.setParam("lr", 1);
                run.discard();
                run.init().setParam("depth", 2);
            });
            assertThat(saved).isPresent();
            assertThat(summary("x").params()).isEqualTo(Map.of("depth", 2L));
        }

        @Test
        void saves_what_the_body_has_completed_as_failed() {
            process.daybook().run("x", run -> run.fail("early stop"));
            assertThat(summary("x").failure()).contains("early stop");
            assertThat(status("x")).isEqualTo(Status.PERSISTED);
        }

        @Test
        void adds_nothing_to_a_body_that_throws_after_it_has_ended_its_experiment() {
            for (var ending :
                    List.<Consumer<Experiment>>of(Experiment::complete, Experiment::save, Experiment::discard)) {
                var of = new World();
                assertThatThrownBy(() -> of.process().daybook().run("x", run -> {
                            ending.accept(run);
                            throw new IOException("afterwards");
                        }))
                        .isExactlyInstanceOf(IOException.class)
                        .hasMessage("afterwards")
                        .hasNoSuppressedExceptions();
                assertThat(of.events().stream()
                                .filter(ExperimentCompleted.class::isInstance)
                                .map(event -> ((ExperimentCompleted) event).outcome()))
                        .allMatch(outcome -> !outcome.isFailure());
            }
        }

        @Test
        void says_that_the_body_has_closed_the_handle_and_loses_nothing() {
            assertThatThrownBy(() -> process.daybook().run("x", Experiment::close))
                    .isInstanceOf(IllegalTransitionException.class)
                    .hasMessage(
                            "cannot save: this handle of experiment 'x' is closed; look the experiment up again with"
                                    + " find");
            assertThat(status("x")).isEqualTo(Status.INTERRUPTED);
        }

        @Test
        void keeps_the_cause_where_the_failure_cannot_be_recorded() {
            assertThatThrownBy(() -> process.daybook().run("x", run -> {
                        world.git.fail(Step.SNAPSHOT, () -> new RepositoryException("index locked"));
                        throw new IOException("no data");
                    }))
                    .isExactlyInstanceOf(IOException.class)
                    .satisfies(thrown -> assertThat(thrown.getSuppressed())
                            .singleElement()
                            .satisfies(cause -> assertThat(cause).hasMessage("index locked")));
            assertThat(status("x")).isEqualTo(Status.INTERRUPTED);
        }

        @Test
        void lets_a_save_that_fails_be_repeated_by_others() {
            world.git.fail(Step.BEFORE_PREPARE, () -> new RepositoryException("disk full"));
            assertThatThrownBy(() -> process.daybook().run("x", run -> run.logMetric("loss", 1)))
                    .hasMessage("disk full");
            world.git.heal();
            assertThat(status("x")).isEqualTo(Status.COMPLETED);
            assertThat(world.process().find("x").save().name()).isEqualTo("x");
        }

        @Test
        void makes_up_a_name() {
            var saved = process.daybook().run(run -> run.logMetric("loss", 1)).orElseThrow();
            assertThat(saved.name()).matches("[a-z]+-[a-z]+");
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // throws what it is given as if it were unchecked
    private static <X extends Throwable> void sneak(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class ItsNames {

        @Test
        void a_script_that_is_run_twice_is_numbered_and_told_so() {
            for (int i = 0; i < 3; i++) {
                process.daybook().run("sweep", run -> {});
            }
            assertThat(world.git.refs())
                    .containsOnlyKeys(World.REFS + "sweep", World.REFS + "sweep-2", World.REFS + "sweep-3");
            assertThat(world.warnings)
                    .containsExactly(
                            "experiment name 'sweep' is taken; this one is 'sweep-2'",
                            "experiment name 'sweep' is taken; this one is 'sweep-3'");
        }

        @Test
        void the_name_of_an_unfinished_experiment_is_taken_too_by_any_process() {
            process.begin("x");
            assertThat(process.begin("x").name()).isEqualTo("x-2");
            assertThat(world.process().begin("x").name()).isEqualTo("x-3");
            process.die();
            assertThat(world.process().begin("x").name()).isEqualTo("x-4");
        }

        @Test
        void a_saved_experiment_of_another_baseline_does_not_take_the_name() {
            process.daybook().run("x", run -> {});
            world.git.setHead("4".repeat(40));
            var saved = process.daybook().run("x", run -> {}).orElseThrow();

            assertThat(saved.name()).isEqualTo("x");
            assertThat(saved.baseline()).isEqualTo("4".repeat(40));
            assertThat(world.warnings).isEmpty();
        }

        @Test
        void a_name_is_free_again_after_discard() {
            process.begin("x").discard();
            assertThat(process.begin("x").name()).isEqualTo("x");
        }

        @Test
        void a_name_is_free_again_after_a_late_discard() {
            process.begin("x");
            process.die();
            var other = world.process();
            other.find("x").discard();
            assertThat(other.begin("x").name()).isEqualTo("x");
        }

        @Test
        void a_name_is_free_again_after_a_save_under_another() {
            process.begin("x").saveAs("y");
            assertThat(process.begin("x").name()).isEqualTo("x");
        }

        @Test
        void a_name_is_free_again_though_git_could_not_forget_a_discarded_experiment() {
            var run = process.begin("x");
            world.git.fail(Step.FORGET, () -> new RepositoryException("ref locked"));
            assertThatThrownBy(run::discard).hasMessage("ref locked");
            world.git.heal();

            assertThat(world.process().begin("x").name()).isEqualTo("x");
        }

        @Test
        void a_name_is_free_again_though_the_process_died_right_after_the_discard() {
            var run = process.begin("x");
            process.journal().afterAppend(entry -> {
                throw new Death();
            });
            assertThatThrownBy(run::discard).isInstanceOf(Death.class);
            process.die();

            assertThat(world.process().begin("x").name()).isEqualTo("x");
        }

        @Test
        void a_number_that_is_taken_is_skipped() {
            world.git.setRef(World.REFS + "x", TREE_A);
            world.git.setRef(World.REFS + "x-2", TREE_A);
            world.git.setNameClash("x-3", "a branch has it");
            process.begin("x-4");
            assertThat(process.begin("x").name()).isEqualTo("x-5");
        }

        @Test
        void a_long_name_can_be_numbered_too() {
            var longest = "n".repeat(Names.MAX_BYTES);
            process.daybook().run(longest, run -> {});
            assertThat(process.daybook().run(longest, run -> {})).isPresent();
        }

        @Test
        void refuse_refuses_with_who_has_it() {
            var strict = world.process(world.options().withTakenName(TakenName.REFUSE));
            var run = strict.begin("x");
            assertThatThrownBy(() -> strict.begin("x"))
                    .isInstanceOf(NameTakenException.class)
                    .hasMessage("experiment name 'x' is taken by an unfinished experiment; choose another, or save or"
                            + " discard that one");
            run.save();
            assertThatThrownBy(() -> strict.begin("x"))
                    .isInstanceOf(NameTakenException.class)
                    .hasMessage(
                            "experiment name 'x' is taken by a saved experiment of this baseline; choose another, or"
                                    + " remove that one");
            assertThat(world.eventNames())
                    .filteredOn("ExperimentInitialized"::equals)
                    .hasSize(1);
            assertThat(process.begin("x").name()).isEqualTo("x-2");
        }

        @Test
        void a_refused_name_is_not_kept() {
            world.git.setRef(World.REFS + "x", TREE_A);
            var strict = world.process(world.options().withTakenName(TakenName.REFUSE));
            assertThatThrownBy(() -> strict.begin("x")).isInstanceOf(NameTakenException.class);
            world.git.deleteRef(World.REFS + "x");
            assertThat(world.process().begin("x").name()).isEqualTo("x");
        }

        @Test
        void replace_replaces_the_saved_one() {
            var replacing = world.process(world.options().withTakenName(TakenName.REPLACE));
            var first =
                    replacing.daybook().run("x", run -> run.setParam("lr", 1)).orElseThrow();
            var second =
                    replacing.daybook().run("x", run -> run.setParam("lr", 2)).orElseThrow();

            assertThat(second.commit()).isNotEqualTo(first.commit());
            assertThat(world.git.refs()).containsOnly(Map.entry(World.REFS + "x", second.commit()));
            assertThat(replacing.daybook().experiments())
                    .singleElement()
                    .satisfies(summary -> assertThat(summary.params()).isEqualTo(Map.of("lr", 2L)));
            assertThat(world.warnings).isEmpty();
        }

        @Test
        void replace_replaces_only_what_was_there_at_init() {
            var replacing = world.process(world.options().withTakenName(TakenName.REPLACE));
            replacing.daybook().run("x", run -> {});
            var run = replacing.begin("x");
            world.git.setRef(World.REFS + "x", TREE_A);

            assertThatThrownBy(run::save).isInstanceOf(NameTakenException.class);
            assertThat(world.git.refs()).containsEntry(World.REFS + "x", TREE_A);
        }

        @Test
        void replace_refuses_an_unfinished_one_as_what_it_is() {
            var replacing = world.process(world.options().withTakenName(TakenName.REPLACE));
            replacing.daybook().run("x", run -> {});
            replacing.begin("x");

            assertThatThrownBy(() -> replacing.begin("x"))
                    .isInstanceOf(NameTakenException.class)
                    .hasMessage("experiment name 'x' is taken by an unfinished experiment; choose another, or save or"
                            + " discard that one");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "a b",
                    "a/b",
                    "a~1",
                    "a..b",
                    ".a",
                    "a.",
                    "a.lock",
                    "-a",
                    "HEAD",
                    "deadbeef",
                    "v1-gabcdef0",
                    "a@{1}"
                })
        void a_bad_name_is_refused_before_anything_is_done(String name) {
            assertThatThrownBy(() -> process.daybook().experiment(name))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("experiment name '" + name + "' ");
            assertThatThrownBy(() -> process.daybook().run(name, run -> {})).isInstanceOf(InvalidInputException.class);
            assertThat(world.git.steps()).isEmpty();
        }

        @Test
        void the_name_of_a_branch_is_refused_with_the_reason() {
            world.git.setNameClash("main", "experiment name 'main' is a branch; choose another");
            assertThatThrownBy(() -> process.begin("main"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("experiment name 'main' is a branch; choose another");
            assertThat(world.journal()).isEmpty();
            assertThat(world.git.forgotten()).hasSize(1);
        }

        @Test
        void the_name_of_a_branch_is_refused_for_a_save_under_another_name_too() {
            world.git.setNameClash("main", "experiment name 'main' is a branch; choose another");
            var run = process.begin("x");
            assertThatThrownBy(() -> run.saveAs("main")).isInstanceOf(InvalidInputException.class);
            assertThat(run.state()).isEqualTo(ExperimentState.ACTIVE);
        }

        @Test
        void a_save_under_another_name_does_not_take_the_name_of_an_unfinished_experiment() {
            process.begin("theirs");
            var run = process.begin("x");

            assertThatThrownBy(() -> run.saveAs("theirs")).isInstanceOf(NameTakenException.class);
            assertThat(world.git.refs()).isEmpty();
        }

        @Test
        void made_up_names_are_good_and_various() {
            var names = IntStream.range(0, 500)
                    .mapToObj(i -> process.daybook().experiment().name())
                    .toList();
            assertThat(names).allMatch(name -> Names.experiment(name).isEmpty());
            assertThat(names.stream().distinct().count()).isGreaterThan(300);
        }

        @Test
        void processes_that_begin_at_once_have_names_of_their_own() throws Exception {
            var names = inParallel(() -> {
                var mine = new ArrayList<String>();
                var own = world.process();
                for (int i = 0; i < 10; i++) {
                    mine.add(own.begin("x").name());
                }
                return mine;
            });
            assertThat(names.stream().flatMap(List::stream))
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 40)
                            .mapToObj(i -> i == 1 ? "x" : "x-" + i)
                            .toList());
        }
    }

    /** The same, four times at once. */
    private static <T> List<T> inParallel(Callable<T> body) throws Exception {
        var pool = Executors.newFixedThreadPool(4);
        try {
            var results = new ArrayList<T>();
            for (var future : pool.invokeAll(List.of(body, body, body, body))) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class Listing {

        @Test
        void shows_every_status_and_what_others_wrote() {
            var dying = world.process();
            dying.begin("interrupted").setParam("lr", 1);
            dying.die();
            process.begin("running").logMetric("loss", 2);
            process.begin("completed").fail("why");
            process.begin("released").close();
            var saved = process.daybook().run("saved", run -> {}).orElseThrow();
            process.begin("discarded").discard();
            world.git.setRef(World.REFS + "by-dvc", TREE_A);

            for (var reader : List.of(process, world.process())) {
                var list = reader.daybook().experiments();
                assertThat(list)
                        .extracting(ExperimentSummary::name, ExperimentSummary::status)
                        .containsExactly(
                                org.assertj.core.groups.Tuple.tuple("interrupted", Status.INTERRUPTED),
                                org.assertj.core.groups.Tuple.tuple("running", Status.RUNNING),
                                org.assertj.core.groups.Tuple.tuple("completed", Status.COMPLETED),
                                org.assertj.core.groups.Tuple.tuple("released", Status.INTERRUPTED),
                                org.assertj.core.groups.Tuple.tuple("by-dvc", Status.PERSISTED),
                                org.assertj.core.groups.Tuple.tuple("saved", Status.PERSISTED));
                assertThat(list).allMatch(summary -> summary.baseline().equals(World.HEAD));
                assertThat(list).allMatch(summary -> summary.problems().isEmpty());
                assertThat(list.get(0).params()).isEqualTo(Map.of("lr", 1L));
                assertThat(list.get(1).metrics()).isEqualTo(Map.of("loss", 2.0));
                assertThat(list.get(1).ref()).isEmpty();
                assertThat(list.get(1).commit()).isEmpty();
                assertThat(list.get(2).failure()).contains("why");
                assertThat(list.get(5).ref()).contains(saved.ref());
                assertThat(list.get(5).commit()).contains(saved.commit());
            }
        }

        @Test
        void prints_a_line_for_each() {
            var run = process.begin("x");
            run.setParam("lr", 0.5);
            run.setParam("none", null);
            run.logMetric("loss", 2);
            run.fail("why");
            assertThat(summary("x"))
                    .hasToString("x                        completed   lr=0.5 none=null | loss=2.0 | failed: why");
        }

        @Test
        void gives_the_time_of_the_last_event() {
            var run = process.begin("x");
            var begun = summary("x").time();
            assertThat(begun).isAfterOrEqualTo(World.BEGINNING);
            run.setParam("lr", 1);
            assertThat(summary("x").time()).isAfter(begun);
        }

        @Test
        void is_empty_where_nothing_was_done() {
            assertThat(process.daybook().experiments()).isEmpty();
            assertThat(process.daybook().damage()).isEmpty();
            assertThat(process.daybook().recover()).isEmpty();
            assertThat(process.daybook().find("x")).isEmpty();
            assertThat(world.journal()).isEmpty();
        }

        @Test
        void does_not_show_a_saved_experiment_whose_ref_was_removed() {
            process.daybook().run("x", run -> {});
            world.git.deleteRef(World.REFS + "x");
            assertThat(process.daybook().experiments()).isEmpty();
        }

        @Test
        void shows_an_experiment_once_whose_save_was_cut_after_the_ref() {
            var run = process.begin("x");
            world.git.fail(Step.AFTER_PUBLISH, Death::new);
            assertThatThrownBy(run::save).isInstanceOf(Death.class);
            assertThat(status("x")).isEqualTo(Status.PERSISTED);
        }
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class Finding {

        @Test
        void what_is_missing_is_named_with_what_there_is() {
            assertThatThrownBy(() -> process.daybook().resume("x"))
                    .isInstanceOf(NoSuchExperimentException.class)
                    .hasMessage("there is no unfinished experiment 'x' in this repository; none is unfinished");
            process.begin("a");
            process.begin("b");
            process.daybook().run("x", run -> {});
            process.begin("x2").discard();
            assertThatThrownBy(() -> process.daybook().resume("x"))
                    .hasMessage("there is no unfinished experiment 'x' in this repository; unfinished are 'a', 'b'");
        }

        @Test
        void an_experiment_that_is_being_run_is_not_resumed_by_another() {
            var run = process.begin("x");
            var other = world.process();
            assertThatThrownBy(() -> other.daybook().resume("x"))
                    .isInstanceOf(NotOwnerException.class)
                    .hasMessage(
                            "cannot resume: experiment 'x' is being run by journal 00000000 in memory; wait for it, or"
                                    + " end that process first");
            run.complete();
            assertThatThrownBy(() -> other.daybook().resume("x"))
                    .isInstanceOf(IllegalTransitionException.class)
                    .hasMessage("cannot resume: experiment 'x' is COMPLETED");
        }

        @Test
        void the_daybook_that_runs_it_finds_the_running_handle() {
            var run = process.begin("x");
            assertThat(process.find("x")).isSameAs(run);
            assertThatThrownBy(() -> process.daybook().resume("x"))
                    .isInstanceOf(NotOwnerException.class)
                    .hasMessage("cannot resume: experiment 'x' is being run by this handle");
        }

        @Test
        void a_released_experiment_is_resumed_while_its_daybook_lives_by_another() {
            var run = process.begin("x");
            run.logMetric("loss", 1);
            run.close();
            var heir = world.process().daybook().resume("x");
            heir.logMetric("loss", 2);

            assertThat(heir.state()).isEqualTo(ExperimentState.ACTIVE);
            assertThat(heir.metrics()).containsExactly(new MetricSummary("loss", 2, 1, 2, 1, 2, 1.5));
            assertThatThrownBy(() -> process.daybook().resume("x")).isInstanceOf(NotOwnerException.class);
        }

        @Test
        void a_released_experiment_is_resumed_by_the_same_daybook() {
            var run = process.begin("x");
            run.logMetric("loss", 1);
            run.close();
            var again = process.daybook().resume("x");
            again.logMetric("loss", 2);

            assertThat(again).isNotSameAs(run);
            assertThat(again.id()).isEqualTo(run.id());
            assertThat(process.find("x")).isSameAs(again);
            assertThat(again.metrics()).containsExactly(new MetricSummary("loss", 2, 1, 2, 1, 2, 1.5));
            again.close();
            process.daybook().resume("x").save();
            assertThat(summary("x").metrics()).isEqualTo(Map.of("loss", 2.0));
        }

        @Test
        void the_newest_of_one_name_is_found_whatever_the_generations() {
            process.begin("first");
            var dying = world.process();
            dying.journal().afterAppend(entry -> {
                throw new Death();
            });
            assertThatThrownBy(() -> dying.begin("x")).isInstanceOf(Death.class);
            dying.die();
            var newest = process.begin("x");

            assertThat(newest.name()).isEqualTo("x");
            assertThat(world.process().find("x").id()).isEqualTo(newest.id());
        }

        @Test
        void of_two_handles_on_an_interrupted_experiment_one_resumes() {
            process.begin("x");
            process.die();
            var one = world.process().find("x");
            var two = world.process().find("x");
            one.resume();
            for (Consumer<Experiment> call :
                    List.<Consumer<Experiment>>of(Experiment::resume, Experiment::save, Experiment::discard)) {
                assertThatThrownBy(() -> call.accept(two)).isInstanceOf(NotOwnerException.class);
            }
            one.setParam("lr", 1);
            one.close();
            assertThat(two.resume().params().asMap()).isEqualTo(Map.of("lr", 1L));
        }

        @Test
        void the_newest_of_one_name_is_found() {
            process.begin("x").saveAs("y");
            var run = process.begin("x");
            assertThat(process.find("x")).isSameAs(run);
            assertThat(world.process().find("x").id()).isEqualTo(run.id());
        }

        @Test
        void a_handle_that_was_looked_up_saves_what_another_has_saved_meanwhile_as_the_same() {
            var run = process.begin("x");
            var lookedUp = world.process().find("x");
            var saved = run.save();

            assertThat(lookedUp.save()).isEqualTo(saved);
            assertThat(world.events()).hasSize(4);
        }

        @Test
        void a_handle_that_was_looked_up_does_not_bring_back_a_ref_that_was_removed() {
            var run = process.begin("x");
            var lookedUp = world.process().find("x");
            var saved = run.save();
            process.die();
            world.git.deleteRef(World.REFS + "x");

            assertThat(lookedUp.save()).isEqualTo(saved);
            assertThat(world.git.refs()).isEmpty();
        }

        @Test
        void a_handle_that_was_looked_up_finds_a_discarded_experiment_gone() {
            var run = process.begin("x");
            var lookedUp = world.process().find("x");
            run.discard();
            assertThatThrownBy(lookedUp::save)
                    .isInstanceOf(IllegalTransitionException.class)
                    .hasMessage("cannot save: experiment 'x' is UNINITIALIZED");
            assertThat(lookedUp.state()).isEqualTo(ExperimentState.UNINITIALIZED);
        }

        @Test
        void the_owner_that_was_killed_loses_nothing() {
            var run = process.begin("x");
            run.setParam("lr", 0.5);
            run.logMetric("loss", 5, 1);
            run.tag("good");
            var checkpoint = run.makeCheckpoint("one");
            process.die();

            var heir = world.process().daybook().resume("x");
            assertThat(heir.id()).isEqualTo(run.id());
            assertThat(heir.params().asMap()).isEqualTo(Map.of("lr", 0.5));
            assertThat(heir.checkpoints()).containsExactly(checkpoint);
            assertThat(heir.metrics()).extracting(MetricSummary::lastStep).containsExactly(5L);
            assertThat(heir.makeCheckpoint("two").number()).isEqualTo(2);
        }
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class Owners {

        /** Whoever reads it: the running handle, an old Daybook, a fresh one. */
        private void assertSame(List<Double> values, Experiment owner, Stream<World.Worker> readers) {
            var expected = List.of(new MetricSummary(
                    "loss",
                    values.size(),
                    values.size() - 1,
                    values.get(values.size() - 1),
                    values.stream().mapToDouble(v -> v).min().orElseThrow(),
                    values.stream().mapToDouble(v -> v).max().orElseThrow(),
                    values.stream().mapToDouble(v -> v).sum() / values.size()));
            assertThat(owner.metrics()).isEqualTo(expected);
            readers.forEach(reader -> {
                assertThat(reader.daybook().damage()).isEmpty();
                assertThat(reader.find("x").metrics()).isEqualTo(expected);
            });
        }

        private void log(Experiment run, List<Double> values, double... more) {
            for (double value : more) {
                run.logMetric("loss", value);
                values.add(value);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"ABC", "ABA", "ABAB", "AABBA", "BABCAB", "ABCBA"})
        void each_stretch_of_a_chain_of_owners_is_there_in_its_order(String chain) {
            // so that the order of the generations is A, B, C, whoever comes first
            var processes = List.of(world.process(), world.process(), world.process());
            processes.forEach(each -> each.begin("first"));
            var values = new ArrayList<Double>();
            Optional<Experiment> last = Optional.empty();
            for (int i = 0; i < chain.length(); i++) {
                last.ifPresent(Experiment::close);
                var owner = processes.get(chain.charAt(i) - 'A');
                var run = i == 0 ? owner.begin("x") : owner.daybook().resume("x");
                log(run, values, 10.0 * i, 10.0 * i + 5);
                run.setParam("owner" + i, String.valueOf(chain.charAt(i)));
                log(run, values, 10.0 * i - 1);
                assertSame(values, run, Stream.concat(processes.stream(), Stream.of(world.process())));
                last = Optional.of(run);
            }

            var saved = last.orElseThrow().save();
            var commit = world.git.commit(saved.commit()).orElseThrow();
            assertThat(commit.record().params()).hasSize(chain.length());
            assertThat(commit.record().metrics())
                    .hasToString("{loss=DoubleValue[value=" + values.get(values.size() - 1) + "]}");
            assertThat(world.process().daybook().damage()).isEmpty();
            assertThat(records(last.orElseThrow())).isEqualTo(values);
        }

        /** What the projection is given, in its order. */
        private List<Double> records(Experiment run) {
            var values = new ArrayList<Double>();
            var daybook = world.process().daybook();
            daybook.experiments();
            daybook.source(dev.daybook.lifecycle.ExperimentId.parse(run.id().orElseThrow()))
                    .records((metric, step, value, epochMilli) -> values.add(value));
            return values;
        }

        @Test
        void whoever_saves_the_same_events_makes_the_same_commit() {
            var a = world.process();
            var b = world.process();
            b.begin("other");
            var run = a.begin("x");
            run.logMetric("loss", 1);
            run.close();
            var heir = b.daybook().resume("x");
            heir.logMetric("loss", 2);
            heir.close();
            var last = a.daybook().resume("x");
            last.logMetric("loss", 3);
            last.complete();
            world.git.fail(Step.BEFORE_PUBLISH, Death::new);
            assertThatThrownBy(last::save).isInstanceOf(Death.class);
            var prepared = event(SavePrepared.class);
            world.git.heal();
            world.git.collectGarbage();
            a.die();

            assertThat(world.process().daybook().recover())
                    .extracting(SavedExperiment::commit)
                    .containsExactly(prepared.commit());
        }

        @Test
        void another_process_saves_an_interrupted_experiment() {
            var run = process.begin("x");
            run.logMetric("loss", 1);
            process.die();
            var saved = world.process().find("x").save();

            assertThat(saved.ref()).isEqualTo(World.REFS + "x");
            assertThat(world.eventNames())
                    .containsExactly(
                            "ExperimentInitialized",
                            "MetricDefined",
                            "ExperimentResumed",
                            "ExperimentCompleted",
                            "SavePrepared",
                            "ExperimentPersisted");
            assertThat(event(ExperimentCompleted.class).outcome()).isEqualTo(Outcome.succeeded());
            assertThat(summary("x").metrics()).isEqualTo(Map.of("loss", 1.0));
        }

        @Test
        void another_process_saves_a_completed_experiment() {
            process.begin("x").fail("why");
            process.die();
            world.process().find("x").saveAs("y");

            assertThat(summary("y").failure()).contains("why");
            assertThat(world.process().begin("x").name()).isEqualTo("x");
        }

        @Test
        void another_process_discards_an_interrupted_experiment() {
            process.begin("x").logMetric("loss", 1);
            process.die();
            var lookedUp = world.process().find("x");
            lookedUp.discard();

            assertThat(lookedUp.state()).isEqualTo(ExperimentState.UNINITIALIZED);
            assertThat(world.git.forgotten()).hasSize(1);
            assertThat(world.process().daybook().experiments()).isEmpty();
            assertThat(lookedUp.init().name()).isEqualTo("x");
            assertThat(lookedUp.metrics()).isEmpty();
        }

        @Test
        void many_heirs_at_once_are_one_heir() throws Exception {
            process.begin("x").logMetric("loss", 1);
            process.die();
            var winners = inParallel(() -> {
                try {
                    var run = world.process().daybook().resume("x");
                    run.logMetric("loss", 2);
                    return 1;
                } catch (NotOwnerException e) {
                    return 0;
                }
            });
            assertThat(winners).containsExactlyInAnyOrder(1, 0, 0, 0);
            assertThat(summary("x").metrics()).isEqualTo(Map.of("loss", 2.0));
        }

        @Test
        void many_late_saves_at_once_are_one_commit() throws Exception {
            process.begin("x").logMetric("loss", 1);
            process.die();
            var commits = inParallel(() -> {
                var own = world.process();
                var run = own.daybook().find("x");
                try {
                    return run.map(it -> it.save().commit()).orElse("");
                } catch (NotOwnerException e) {
                    return "";
                }
            });
            assertThat(commits.stream().filter(commit -> !commit.isEmpty()).distinct())
                    .hasSize(1);
            assertThat(world.eventNames())
                    .filteredOn("ExperimentPersisted"::equals)
                    .hasSize(1);
            assertThat(world.git.refs()).hasSize(1);
        }
    }

    /** The moments at which a process can die in a save. */
    @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
    private enum Moment {
        BEFORE_COMPLETED(world -> {}, ExperimentCompleted.class, true, false),
        AFTER_COMPLETED(world -> {}, ExperimentCompleted.class, false, false),
        BEFORE_COMMIT(world -> world.git.fail(Step.BEFORE_PREPARE, Death::new), false),
        AFTER_COMMIT(world -> world.git.fail(Step.AFTER_PREPARE, Death::new), false),
        BEFORE_PREPARED(world -> {}, SavePrepared.class, true, false),
        AFTER_PREPARED(world -> {}, SavePrepared.class, false, true),
        BEFORE_REF(world -> world.git.fail(Step.BEFORE_PUBLISH, Death::new), true),
        AFTER_REF(world -> world.git.fail(Step.AFTER_PUBLISH, Death::new), true),
        BEFORE_PERSISTED(world -> {}, ExperimentPersisted.class, true, true);

        final Consumer<World> inGit;
        final Optional<Class<? extends Event>> event;
        final boolean isBefore;
        final boolean isPrepared;

        Moment(Consumer<World> inGit, boolean isPrepared) {
            this(inGit, Optional.empty(), false, isPrepared);
        }

        Moment(Consumer<World> inGit, Class<? extends Event> event, boolean isBefore, boolean isPrepared) {
            this(inGit, Optional.of(event), isBefore, isPrepared);
        }

        Moment(Consumer<World> inGit, Optional<Class<? extends Event>> event, boolean isBefore, boolean isPrepared) {
            this.inGit = inGit;
            this.event = event;
            this.isBefore = isBefore;
            this.isPrepared = isPrepared;
        }
    }

    /** Saves in a process that dies at the moment. */
    private void dieInSave(World.Worker of, Experiment run, Moment moment) {
        moment.inGit.accept(world);
        moment.event.ifPresent(type -> {
            if (moment.isBefore) {
                of.journal().beforeAppend(event -> dieAt(type, event));
            } else {
                of.journal().afterAppend(entry -> dieAt(type, entry.event()));
            }
        });
        assertThatThrownBy(run::save).isInstanceOf(Death.class);
        of.die();
        world.git.heal();
    }

    private static void dieAt(Class<? extends Event> type, Event event) {
        if (type.isInstance(event)) {
            throw new Death();
        }
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class Recovery {

        private Experiment begun() {
            var run = process.begin("x");
            run.setParam("lr", 0.5);
            run.logMetric("loss", 1);
            run.logMetric("loss", 2);
            return run;
        }

        @ParameterizedTest
        @EnumSource(Moment.class)
        void a_save_cut_at_any_moment_is_finished_once_with_the_same_commit(Moment moment) {
            dieInSave(process, begun(), moment);
            var heir = world.process();
            var recovered = heir.daybook().recover();

            assertThat(recovered).hasSize(moment.isPrepared ? 1 : 0);
            if (moment.isPrepared) {
                var saved = recovered.get(0);
                assertThat(saved.commit()).isEqualTo(event(SavePrepared.class).commit());
                assertThat(saved.ref()).isEqualTo(World.REFS + "x");
                assertThat(world.git.refs()).containsOnly(Map.entry(saved.ref(), saved.commit()));
                assertThat(event(ExperimentPersisted.class).commit()).isEqualTo(saved.commit());
                assertThat(status("x")).isEqualTo(Status.PERSISTED);
                assertThat(heir.daybook().find("x")).isEmpty();
            } else {
                assertThat(world.git.refs()).isEmpty();
                assertThat(heir.find("x").save().ref()).isEqualTo(World.REFS + "x");
            }
            var before = world.journal();
            assertThat(heir.daybook().recover()).isEmpty();
            assertThat(world.process().daybook().recover()).isEmpty();
            assertThat(world.journal()).isEqualTo(before);
            assertThat(summary("x").metrics()).isEqualTo(Map.of("loss", 2.0));
            assertThat(world.process().begin("x").name()).isEqualTo("x-2");
        }

        @Test
        void a_process_that_dies_after_the_last_event_has_saved() {
            var run = begun();
            process.journal().afterAppend(entry -> dieAt(ExperimentPersisted.class, entry.event()));
            assertThatThrownBy(run::save).isInstanceOf(Death.class);
            process.die();

            assertThat(world.process().daybook().recover()).isEmpty();
            assertThat(status("x")).isEqualTo(Status.PERSISTED);
            world.git.deleteRef(World.REFS + "x");
            assertThat(world.process().daybook().experiments()).isEmpty();
        }

        @ParameterizedTest
        @EnumSource(Moment.class)
        void a_save_cut_at_any_moment_can_be_repeated_by_its_handle_where_only_git_failed(Moment moment) {
            if (moment.event.isPresent() && !moment.isBefore) {
                return; // an append of unknown outcome
            }
            var run = begun();
            var failures = new ArrayList<Throwable>();
            moment.inGit.accept(world);
            moment.event.ifPresent(type -> process.journal().beforeAppend(event -> dieAt(type, event)));
            try {
                run.save();
            } catch (Death e) {
                failures.add(e);
            }
            assertThat(failures).hasSize(1);
            assertThat(world.process().daybook().recover()).isEmpty();
            world.git.heal();
            process.journal().beforeAppend(event -> {});

            var saved = run.save();
            assertThat(event(SavePrepared.class).commit()).isEqualTo(saved.commit());
            assertThat(event(ExperimentPersisted.class).ref()).isEqualTo(World.REFS + "x");
            assertThat(run.state()).isEqualTo(ExperimentState.PERSISTED);
        }

        @ParameterizedTest
        @EnumSource(Moment.class)
        void a_save_cut_at_any_moment_is_finished_by_a_late_save_too(Moment moment) {
            dieInSave(process, begun(), moment);
            var saved = world.process().find("x").save();

            assertThat(event(ExperimentPersisted.class).commit()).isEqualTo(saved.commit());
            assertThat(event(SavePrepared.class).commit()).isEqualTo(saved.commit());
            assertThat(world.git.refs()).containsOnly(Map.entry(World.REFS + "x", saved.commit()));
        }

        @ParameterizedTest
        @EnumSource(Moment.class)
        void a_save_cut_at_any_moment_is_discarded_only_if_it_cannot_be_finished(Moment moment) {
            dieInSave(process, begun(), moment);
            var lookedUp = world.process().find("x");
            if (moment.isPrepared) {
                assertThatThrownBy(lookedUp::discard)
                        .isInstanceOf(IllegalTransitionException.class)
                        .hasMessage("cannot discard: experiment 'x' is PERSISTED");
                assertThat(status("x")).isEqualTo(Status.PERSISTED);
            } else {
                lookedUp.discard();
                assertThat(world.process().daybook().experiments()).isEmpty();
            }
        }

        @Test
        void a_recovery_that_dies_itself_is_recovered() {
            dieInSave(process, begun(), Moment.AFTER_PREPARED);
            var second = world.process();
            world.git.fail(Step.AFTER_PUBLISH, Death::new);
            assertThatThrownBy(() -> second.daybook().recover()).isInstanceOf(Death.class);
            second.die();
            world.git.heal();

            assertThat(world.process().daybook().recover()).hasSize(1);
            assertThat(status("x")).isEqualTo(Status.PERSISTED);
        }

        @Test
        void a_commit_that_was_collected_is_made_again() {
            world.git.setTree(TREE_A);
            var run = begun();
            run.complete();
            world.git.setTree(TREE_B);
            dieInSave(process, run, Moment.AFTER_PREPARED);
            var prepared = event(SavePrepared.class);
            assertThat(prepared.code().orElseThrow().tree()).isEqualTo(TREE_B);
            world.git.collectGarbage();
            world.git.setTree(TREE_C);
            assertThat(world.git.commit(prepared.commit())).isEmpty();

            var saved = world.process().daybook().recover().get(0);
            assertThat(saved.commit()).isEqualTo(prepared.commit());
            assertThat(treeOf(saved)).isEqualTo(TREE_B);
        }

        @Test
        void a_ref_that_was_taken_meanwhile_is_left_and_the_save_abandoned() {
            var run = begun();
            world.git.setRef(World.REFS + "x", TREE_A);

            assertThatThrownBy(run::save)
                    .isInstanceOf(NameTakenException.class)
                    .hasMessage("cannot save experiment 'x': " + World.REFS
                            + "x was taken meanwhile; save it under another name");
            assertThat(run.state()).isEqualTo(ExperimentState.COMPLETED);
            assertThat(world.git.refs()).containsOnly(Map.entry(World.REFS + "x", TREE_A));
            assertThat(world.lastEvent()).isInstanceOf(Event.SaveAbandoned.class);
            assertThatThrownBy(run::save).isInstanceOf(NameTakenException.class);

            var saved = run.saveAs("y");
            assertThat(saved.ref()).isEqualTo(World.REFS + "y");
            assertThat(saved.name()).isEqualTo("y");
            assertThat(run.state()).isEqualTo(ExperimentState.PERSISTED);
            assertThat(summary("y").metrics()).isEqualTo(Map.of("loss", 2.0));
        }

        @Test
        void after_an_abandoned_save_the_experiment_can_be_discarded() {
            var run = begun();
            world.git.setRef(World.REFS + "x", TREE_A);
            assertThatThrownBy(run::save).isInstanceOf(NameTakenException.class);
            run.discard();
            assertThat(run.state()).isEqualTo(ExperimentState.UNINITIALIZED);
        }

        @Test
        void a_recovery_whose_ref_was_taken_does_not_own_the_experiment() {
            dieInSave(process, begun(), Moment.AFTER_PREPARED);
            world.git.setRef(World.REFS + "x", TREE_A);
            var recovering = world.process();
            assertThat(recovering.daybook().recover()).isEmpty();
            world.git.deleteRef(World.REFS + "x");
            assertThat(status("x")).isEqualTo(Status.COMPLETED);

            assertThat(world.process().find("x").saveAs("y").ref()).isEqualTo(World.REFS + "y");
        }

        @Test
        void the_daybook_whose_recovery_found_the_ref_taken_can_save_under_another_name() {
            dieInSave(process, begun(), Moment.AFTER_PREPARED);
            world.git.setRef(World.REFS + "x", TREE_A);
            var recovering = world.process();
            recovering.daybook().recover();

            assertThat(recovering.find("x").saveAs("y").ref()).isEqualTo(World.REFS + "y");
        }

        @Test
        void a_half_done_save_is_finished_under_its_own_name_and_the_caller_is_told() {
            var run = begun();
            world.git.fail(Step.BEFORE_PUBLISH, () -> new RepositoryException("ref locked"));
            assertThatThrownBy(run::save).hasMessage("ref locked");
            world.git.heal();

            var saved = run.saveAs("y");

            assertThat(saved.name()).isEqualTo(run.name()).isNotEqualTo("y");
            assertThat(world.warnings)
                    .containsExactly("a save of experiment '" + run.name() + "' was half done and is finished as "
                            + saved.ref());
        }

        @Test
        void what_a_living_process_is_saving_is_left_to_it() {
            var run = begun();
            world.git.fail(Step.BEFORE_PUBLISH, () -> new RepositoryException("ref locked"));
            assertThatThrownBy(run::save).hasMessage("ref locked");
            world.git.heal();
            var before = world.journal();

            assertThat(process.daybook().recover()).isEmpty();
            assertThat(world.process().daybook().recover()).isEmpty();
            assertThat(world.journal()).isEqualTo(before);
            run.close();
            assertThat(world.process().daybook().recover()).hasSize(1);
        }

        @Test
        void one_save_that_cannot_be_finished_keeps_no_other_from_it() {
            var one = process.begin("one");
            var two = process.begin("two");
            world.git.fail(Step.BEFORE_PUBLISH, () -> new RepositoryException("ref locked"));
            assertThatThrownBy(one::save).hasMessage("ref locked");
            assertThatThrownBy(two::save).hasMessage("ref locked");
            process.die();
            var failures = new ArrayList<>(List.of("first"));
            world.git.fail(Step.BEFORE_PUBLISH, () -> {
                if (failures.isEmpty()) {
                    world.git.heal();
                }
                return new RepositoryException(failures.isEmpty() ? "again" : failures.remove(0));
            });

            assertThatThrownBy(() -> world.process().daybook().recover())
                    .isInstanceOf(RepositoryException.class)
                    .hasMessage("first")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
            assertThat(world.process().daybook().recover()).hasSize(2);
        }

        @Test
        void processes_that_recover_at_once_do_it_once() throws Exception {
            var several = List.of("a", "b", "c", "d", "e");
            world.git.fail(Step.BEFORE_PUBLISH, () -> new RepositoryException("ref locked"));
            several.forEach(
                    name -> assertThatThrownBy(() -> process.begin(name).save()).hasMessage("ref locked"));
            process.die();
            world.git.heal();

            var recovered = inParallel(() -> world.process().daybook().recover());
            assertThat(recovered.stream().flatMap(List::stream).map(SavedExperiment::name))
                    .containsExactlyInAnyOrderElementsOf(several);
            assertThat(world.eventNames())
                    .filteredOn("ExperimentPersisted"::equals)
                    .hasSize(5);
        }

        @Test
        void a_crash_while_a_later_owner_saves_is_recovered_too() {
            begun();
            process.die();
            var second = world.process();
            var heir = second.daybook().resume("x");
            heir.logMetric("loss", 3);
            dieInSave(second, heir, Moment.AFTER_PREPARED);

            assertThat(world.process().daybook().recover()).hasSize(1);
            assertThat(summary("x").metrics()).isEqualTo(Map.of("loss", 3.0));
        }

        @ParameterizedTest
        @EnumSource(Moment.class)
        void a_late_save_cut_at_any_moment_is_finished_by_the_next(Moment moment) {
            begun();
            process.die();
            var second = world.process();
            dieInSave(second, second.find("x"), moment);
            var third = world.process();
            var recovered = third.daybook().recover();
            var saved = moment.isPrepared ? recovered.get(0) : third.find("x").save();

            assertThat(event(ExperimentPersisted.class).commit()).isEqualTo(saved.commit());
            assertThat(event(SavePrepared.class).commit()).isEqualTo(saved.commit());
            assertThat(summary("x").metrics()).isEqualTo(Map.of("loss", 2.0));
        }
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class TheCode {

        @Test
        void a_save_by_the_running_handle_takes_the_code_as_it_is() {
            world.git.setTree(TREE_A);
            var run = process.begin("x");
            assertThat(event(ExperimentInitialized.class).code().tree()).isEqualTo(TREE_A);
            world.git.setTree(TREE_B);

            assertThat(treeOf(run.save())).isEqualTo(TREE_B);
            assertThat(event(ExperimentCompleted.class).code().orElseThrow().tree())
                    .isEqualTo(TREE_B);
            assertThat(event(SavePrepared.class).code()).isEmpty();
        }

        @Test
        void a_save_by_the_running_handle_after_complete_takes_it_once_more() {
            world.git.setTree(TREE_A);
            var run = process.begin("x").complete();
            world.git.setTree(TREE_B);

            assertThat(treeOf(run.save())).isEqualTo(TREE_B);
            assertThat(event(ExperimentCompleted.class).code().orElseThrow().tree())
                    .isEqualTo(TREE_A);
            assertThat(event(SavePrepared.class).code().orElseThrow().tree()).isEqualTo(TREE_B);
        }

        @Test
        void the_same_code_is_not_recorded_twice() {
            world.git.setTree(TREE_A);
            process.begin("x").complete().save();
            assertThat(event(SavePrepared.class).code()).isEmpty();
        }

        @Test
        void a_save_by_a_resumed_handle_takes_the_last_recorded() {
            world.git.setTree(TREE_A);
            var run = process.begin("x");
            world.git.setTree(TREE_B);
            run.makeCheckpoint("one");
            process.die();
            world.git.setTree(TREE_C);

            var heir = world.process().daybook().resume("x");
            assertThat(treeOf(heir.save())).isEqualTo(TREE_B);
            assertThat(event(ExperimentCompleted.class).code()).isEmpty();
        }

        @Test
        void a_checkpoint_by_a_resumed_handle_does_not_take_the_work_tree_of_another_process() {
            world.git.setTree(TREE_A);
            process.begin("x");
            process.die();
            world.git.setTree(TREE_C);
            var heir = world.process().daybook().resume("x");
            var made = heir.makeCheckpoint("one");

            // The design names init, makeCheckpoint and a save by the running process: the work tree as it is then.
            assertThat(world.git.commit(made.commit()).orElseThrow().code().tree())
                    .isEqualTo(TREE_C);
        }

        @Test
        void a_late_save_takes_the_last_recorded() {
            world.git.setTree(TREE_A);
            process.begin("x");
            process.begin("y").complete();
            process.die();
            world.git.setTree(TREE_C);
            world.git.setHead("5".repeat(40));

            var late = world.process();
            for (var name : List.of("x", "y")) {
                var saved = late.find(name).save();
                assertThat(treeOf(saved)).isEqualTo(TREE_A);
                assertThat(saved.baseline()).isEqualTo(World.HEAD);
                assertThat(saved.ref()).isEqualTo(World.REFS + name);
            }
        }

        @Test
        void a_save_in_the_same_daybook_after_close_takes_the_last_recorded() {
            world.git.setTree(TREE_A);
            process.begin("x").close();
            world.git.setTree(TREE_C);
            assertThat(treeOf(process.find("x").save())).isEqualTo(TREE_A);
        }

        @Test
        void a_late_save_after_an_abandoned_one_takes_the_code_of_that() {
            world.git.setTree(TREE_A);
            var run = process.begin("x").complete();
            world.git.setTree(TREE_B);
            world.git.setRef(World.REFS + "x", TREE_A);
            assertThatThrownBy(run::save).isInstanceOf(NameTakenException.class);
            process.die();
            world.git.setTree(TREE_C);

            assertThat(treeOf(world.process().find("x").saveAs("y"))).isEqualTo(TREE_B);
        }

        @Test
        void where_head_has_moved_the_baseline_stays_and_both_are_recorded() {
            var run = process.begin("x");
            world.git.setHead("5".repeat(40));
            world.git.setTree(TREE_B);
            var saved = run.save();

            assertThat(saved.baseline()).isEqualTo(World.HEAD);
            assertThat(saved.ref()).isEqualTo(World.REFS + "x");
            assertThat(event(ExperimentInitialized.class).code().head()).isEqualTo(World.HEAD);
            assertThat(event(ExperimentCompleted.class).code().orElseThrow().head())
                    .isEqualTo("5".repeat(40));
            assertThat(world.git.commit(saved.commit()).orElseThrow().parents()).containsExactly(World.HEAD);
        }

        @Test
        void the_code_of_a_discarded_experiment_is_forgotten() {
            var run = process.begin("x");
            run.makeCheckpoint("one");
            assertThat(world.git.keptCheckpoints()).hasSize(1);
            run.discard();
            assertThat(world.git.keptCheckpoints()).isEmpty();
        }
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class AMergeThatIsUnfinished {

        private static final String LAST_COUNTS =
                "a merge is unfinished in /work; the code that was recorded last counts";

        private Experiment begunBefore() {
            world.git.setTree(TREE_A);
            return process.begin("x");
        }

        private void beginMerge() {
            world.git.setTree(TREE_C);
            for (var step : List.of(Step.START, Step.SNAPSHOT)) {
                world.git.fail(
                        step,
                        () -> new UnfinishedWorkTreeException("a merge is unfinished in /work", "abort it first"));
            }
        }

        @Test
        void is_refused_at_init() {
            beginMerge();
            assertThatThrownBy(() -> process.begin("x"))
                    .isInstanceOf(UnfinishedWorkTreeException.class)
                    .hasMessage("a merge is unfinished in /work; abort it first");
            assertThat(world.events()).isEmpty();
            assertThat(world.warnings).isEmpty();
        }

        @Test
        void leaves_a_save_the_code_of_init() {
            var run = begunBefore();
            beginMerge();

            assertThat(treeOf(run.save())).isEqualTo(TREE_A);
            assertThat(event(ExperimentCompleted.class).code()).isEmpty();
            assertThat(event(SavePrepared.class).code()).isEmpty();
            assertThat(world.warnings).containsExactly(LAST_COUNTS);
        }

        @Test
        void leaves_a_checkpoint_and_a_save_the_code_of_the_last_checkpoint() {
            var run = begunBefore();
            world.git.setTree(TREE_B);
            run.makeCheckpoint("before");
            beginMerge();
            var made = run.makeCheckpoint("meanwhile");

            assertThat(world.git.commit(made.commit()).orElseThrow().code().tree())
                    .isEqualTo(TREE_B);
            assertThat(treeOf(run.save())).isEqualTo(TREE_B);
            assertThat(world.warnings).containsExactly(LAST_COUNTS, LAST_COUNTS);
        }

        @Test
        void leaves_a_save_the_code_of_complete() {
            var run = begunBefore();
            world.git.setTree(TREE_B);
            run.complete();
            beginMerge();

            assertThat(treeOf(run.save())).isEqualTo(TREE_B);
            assertThat(world.warnings).containsExactly(LAST_COUNTS);
        }

        @Test
        void does_not_keep_an_experiment_from_being_completed_and_a_later_save_takes_the_code_as_it_is() {
            var run = begunBefore();
            beginMerge();
            run.complete();
            assertThat(event(ExperimentCompleted.class).code()).isEmpty();
            assertThat(world.warnings).containsExactly(LAST_COUNTS);
            world.git.heal();

            assertThat(treeOf(run.save())).isEqualTo(TREE_C);
            assertThat(world.warnings).hasSize(1);
        }

        @Test
        void does_not_keep_a_failure_from_being_recorded() {
            assertThatThrownBy(() -> process.daybook().run("x", run -> {
                        beginMerge();
                        throw new IOException("no data");
                    }))
                    .hasMessage("no data")
                    .hasNoSuppressedExceptions();
            assertThat(event(ExperimentCompleted.class).outcome())
                    .isEqualTo(Outcome.failed("java.io.IOException: no data"));
            assertThat(world.warnings).containsExactly(LAST_COUNTS);
        }

        @Test
        void leaves_a_save_in_the_background_the_code_of_init() throws Exception {
            var run = begunBefore();
            beginMerge();

            assertThat(treeOf(run.saveAsync().get())).isEqualTo(TREE_A);
            assertThat(world.warnings).containsExactly(LAST_COUNTS);
        }

        @Test
        void leaves_a_sweep_to_each_the_code_that_was_recorded_last_and_is_told_once() {
            var one = begunBefore();
            var two = process.begin("two");
            world.git.setTree(TREE_B);
            two.makeCheckpoint("before");
            beginMerge();

            assertThat(process.daybook().saveAll(List.of(one, two)).orThrow())
                    .extracting(DaybookTest.this::treeOf)
                    .containsExactly(TREE_A, TREE_B);
            assertThat(world.warnings).containsExactly(LAST_COUNTS);
        }
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class Warnings {

        @Test
        void of_init_and_of_save_are_given_to_whom_the_options_name() {
            world.git.setWarnings(List.of("untracked code.py"), List.of("params.yaml says lr: 0.1"));
            var run = process.begin("x");
            assertThat(world.warnings).containsExactly("untracked code.py");
            run.save();
            assertThat(world.warnings).containsExactly("untracked code.py", "params.yaml says lr: 0.1");
            run.save();
            assertThat(world.warnings).hasSize(2);
        }

        @Test
        void about_the_work_tree_are_not_given_where_it_is_not_the_experiments() {
            world.git.setWarnings(List.of(), List.of("params.yaml says lr: 0.1"));
            process.begin("x");
            process.die();
            world.process().daybook().resume("x").save();
            assertThat(world.warnings).isEmpty();
        }
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class Closing {

        @Test
        void lets_go_of_everything_and_ends_nothing() {
            var run = process.begin("x");
            run.logMetric("loss", 1);
            process.daybook().close();

            assertThat(world.git.closed()).isEqualTo(1);
            assertThat(status("x")).isEqualTo(Status.INTERRUPTED);
            assertThat(world.process().daybook().resume("x").metrics()).hasSize(1);
        }

        @Test
        void leaves_handles_that_can_be_closed_still() {
            var run = process.begin("x");
            process.daybook().close();
            run.close();
            assertThat(world.journal()).noneMatch(JournalReading.ReleasedItem.class::isInstance);
            assertThat(world.eventNames()).containsExactly("ExperimentInitialized");
        }
    }

    @Test
    void the_options_reject_a_folder_outside() {
        for (var folder : List.of("", "/abs", "../up", "a//b", ".git", "a b")) {
            assertThatThrownBy(() -> DaybookOptions.defaults().withOutputFolder(folder))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("output folder '" + folder
                            + "' is no plain relative path; name a folder such as 'dvclive' or 'results/daybook'");
        }
        assertThat(DaybookOptions.defaults().withOutputFolder("results/daybook").outputFolder())
                .isEqualTo("results/daybook");
    }
}
