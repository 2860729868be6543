package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.port.InMemoryProjection.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SweepTest {

    private final World world = new World();
    private final World.Worker process = world.process();

    @AfterEach
    void the_journal_is_sound_whatever_was_done() {
        world.requireSound();
    }

    private List<Experiment> begin(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> process.begin("x" + i))
                .peek(run -> run.logMetric("loss", 0.5))
                .toList();
    }

    private static List<String> names(SweepResult result) {
        return result.saved().stream().map(SavedExperiment::name).toList();
    }

    @Test
    void active_completed_and_saved_ones_are_saved_in_the_order_in_which_they_are_given() {
        var runs = begin(3);
        runs.get(1).complete();
        var before = runs.get(2).save();

        var result = process.daybook().saveAll(List.of(runs.get(2), runs.get(1), runs.get(0)));

        assertThat(result.failures()).isEmpty();
        assertThat(names(result)).containsExactly("x2", "x1", "x0");
        assertThat(result.saved()).startsWith(before);
        assertThat(runs).extracting(Experiment::state).containsOnly(ExperimentState.PERSISTED);
        assertThat(world.git.refs()).containsOnlyKeys(World.REFS + "x0", World.REFS + "x1", World.REFS + "x2");
        assertThat(result.orThrow()).isEqualTo(result.saved());
    }

    @Test
    void one_that_is_given_twice_is_saved_once() {
        var run = process.begin("x");
        assertThat(names(process.daybook().saveAll(List.of(run, run)))).containsExactly("x");
    }

    @Test
    void none_is_nothing() {
        assertThat(process.daybook().saveAll(List.of()).saved()).isEmpty();
    }

    @Test
    void what_keeps_one_from_being_saved_does_not_touch_the_others() {
        var runs = begin(3);
        var never = process.daybook().experiment("never");
        var taken = process.begin("taken");
        world.git.setRef(World.REFS + "taken", "9".repeat(40));

        var all = new ArrayList<>(runs);
        all.add(1, never);
        all.add(2, taken);
        var result = process.daybook().saveAll(all);

        assertThat(names(result)).containsExactly("x0", "x1", "x2");
        assertThat(result.failures()).containsOnlyKeys(never, taken);
        assertThat(result.failures().get(never)).isInstanceOf(IllegalTransitionException.class);
        assertThat(result.failures().get(taken))
                .isInstanceOf(NameTakenException.class)
                .hasMessage("cannot save experiment 'taken': " + World.REFS
                        + "taken was taken meanwhile; save it under another name");
        assertThat(taken.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(taken.saveAs("other").name()).isEqualTo("other");
        assertThatThrownBy(result::orThrow)
                .isSameAs(result.failures().get(never))
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .containsExactly(result.failures().get(taken)));
    }

    @Test
    void a_commit_that_cannot_be_made_is_one_experiments_matter_and_it_can_be_saved_again() {
        var runs = begin(2);
        world.git.fail(Step.BEFORE_PREPARE, () -> new RepositoryException("no room"));

        var result = process.daybook().saveAll(runs);
        assertThat(result.saved()).isEmpty();
        assertThat(result.failures()).hasSize(2);

        world.git.heal();
        assertThat(names(process.daybook().saveAll(runs))).containsExactly("x0", "x1");
    }

    @Test
    void a_work_tree_that_cannot_be_recorded_keeps_only_those_from_being_saved_that_it_belongs_to() {
        var mine = process.begin("mine");
        var other = world.process();
        other.begin("left").close();
        var resumed = process.daybook().resume("left");
        world.git.fail(Step.SNAPSHOT, () -> new RepositoryException("index locked"));

        var result = process.daybook().saveAll(List.of(mine, resumed));

        assertThat(names(result)).containsExactly("left");
        assertThat(result.failures()).containsOnlyKeys(mine);
        assertThat(mine.state()).isEqualTo(ExperimentState.ACTIVE);
    }

    @Test
    void all_that_were_begun_here_get_the_code_as_it_is_now() {
        var runs = begin(2);
        var now = "c".repeat(40);
        world.git.setTree(now);

        var result = process.daybook().saveAll(runs);

        assertThat(result.saved())
                .extracting(saved ->
                        world.git.commit(saved.commit()).orElseThrow().code().tree())
                .containsOnly(now);
        assertThat(world.git.steps().stream().filter(Step.SNAPSHOT::equals)).hasSize(1);
    }

    @Test
    void interrupted_ones_are_taken_over() {
        var other = world.process();
        other.begin("left");
        other.die();

        var result = process.daybook().saveAll(List.of(process.begin("mine"), process.find("left")));

        assertThat(names(result)).containsExactly("mine", "left");
    }

    @Test
    void one_that_lost_its_prepared_commit_to_gc_is_prepared_again() {
        var run = process.begin("x");
        world.git.fail(Step.BEFORE_PUBLISH, World.Death::new);
        assertThatThrownBy(run::save).isInstanceOf(World.Death.class);
        world.git.heal();
        world.git.collectGarbage();

        assertThat(names(process.daybook().saveAll(List.of(run, process.begin("y")))))
                .containsExactly("x", "y");
    }

    @Test
    void whoever_dies_between_any_two_steps_loses_and_doubles_nothing() {
        int steps = 0;
        while (diesAt(steps)) {
            steps++;
        }
        // of three experiments three events each, before and after, three commits and refs, before and after, the code
        // and the force
        assertThat(steps).isEqualTo(3 * 3 * 2 + 2 * 3 * 2 + 2);
    }

    /** False if there are no more steps. */
    private static boolean diesAt(int step) {
        var of = new World();
        var victim = of.process();
        var runs = List.of(victim.begin("a"), victim.begin("b"), victim.begin("c"));
        var left = new AtomicInteger(step);
        Runnable dies = () -> {
            if (left.getAndDecrement() == 0) {
                throw new World.Death();
            }
        };
        victim.journal().beforeAppend(event -> dies.run());
        victim.journal().afterAppend(entry -> dies.run());
        of.git.onStep(dies);
        boolean hasDied = false;
        try {
            victim.daybook().saveAll(runs);
        } catch (World.Death e) {
            hasDied = true;
        }
        victim.die();
        of.git.onStep(() -> {});

        var heir = of.process();
        heir.daybook().recover();
        for (var name : List.of("a", "b", "c")) {
            heir.daybook().find(name).ifPresent(Experiment::save);
        }

        assertThat(of.git.refs())
                .as("step " + step)
                .containsOnlyKeys(World.REFS + "a", World.REFS + "b", World.REFS + "c");
        assertThat(heir.daybook().experiments()).as("step " + step).hasSize(3);
        of.requireSound();
        return hasDied;
    }

    @Test
    void a_save_in_the_background_completes_at_once_and_is_there_after_close() throws Exception {
        var run = process.begin("x");

        var saving = run.saveAsync();
        assertThatThrownBy(() -> run.logMetric("loss", 1)).isInstanceOf(IllegalTransitionException.class);
        process.daybook().close();

        assertThat(saving).isCompleted();
        assertThat(saving.get().ref()).isEqualTo(World.REFS + "x");
        assertThat(world.git.refs()).containsOnlyKeys(World.REFS + "x");
    }

    @Test
    void a_handle_may_be_closed_while_it_is_saved_in_the_background() throws Exception {
        var saving = new ArrayList<CompletableFuture<SavedExperiment>>();
        for (int i = 0; i < 20; i++) {
            try (var run = process.begin("x" + i)) {
                run.logMetric("loss", i);
                saving.add(run.saveAsync());
            }
        }

        for (var each : saving) {
            each.get();
        }
        assertThat(world.git.refs()).hasSize(20);
    }

    @Test
    void who_gives_up_waiting_for_a_save_in_the_background_does_not_stop_it() throws Exception {
        var first = process.begin("first");
        var run = process.begin("x");
        run.complete();
        var isUnderWay = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        world.git.fail(Step.BEFORE_PREPARE, () -> {
            isUnderWay.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            world.git.heal();
            return new RepositoryException("no room");
        });
        var failing = first.saveAsync();
        isUnderWay.await();

        assertThat(run.saveAsync().cancel(true)).isTrue();
        run.close();

        goesOn.countDown();
        process.daybook().close();
        assertThat(failing).isCompletedExceptionally();
        assertThat(world.git.refs()).containsOnlyKeys(World.REFS + "x");
    }

    @Test
    void what_cannot_be_forced_is_each_ones_failure_and_not_the_sweeps() {
        var runs = List.of(process.begin("x"), process.begin("y"));
        world.git.fail(Step.FORCE, () -> new RepositoryException("no room"));

        var result = process.daybook().saveAll(runs);

        assertThat(result.failures()).containsOnlyKeys(runs);
        world.git.heal();
        assertThat(process.daybook().saveAll(runs).orThrow()).hasSize(2);
    }

    @Test
    void what_fails_in_the_background_can_be_saved_again() throws Exception {
        var run = process.begin("x");
        world.git.fail(Step.BEFORE_PREPARE, () -> new RepositoryException("no room"));

        var saving = run.saveAsync();
        assertThatThrownBy(saving::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RepositoryException.class);

        world.git.heal();
        assertThat(run.saveAsync().get().name()).isEqualTo("x");
        assertThat(run.saveAsync().get()).isEqualTo(run.save());
    }

    @Test
    void it_is_refused_at_once_where_there_is_nothing_to_save() {
        assertThatThrownBy(process.daybook().experiment("x")::saveAsync).isInstanceOf(IllegalTransitionException.class);
    }

    @Test
    void what_belongs_to_another_daybook_and_what_is_closed_is_refused_and_left_alone() {
        var foreign = new World().process().begin("foreign");
        var closed = process.begin("closed");
        closed.close();

        var result = process.daybook().saveAll(List.of(foreign, closed));

        assertThat(result.saved()).isEmpty();
        assertThat(result.failures().get(foreign)).hasMessageContaining("belongs to another Daybook");
        assertThat(result.failures().get(closed)).hasMessageContaining("this handle of experiment 'closed' is closed");
        assertThat(foreign.state()).isEqualTo(ExperimentState.ACTIVE);
        assertThat(world.git.steps()).doesNotContain(Step.SNAPSHOT);
    }

    @Test
    void two_sweeps_over_the_same_experiments_save_each_once() throws Exception {
        var runs = begin(10);
        var backwards = new ArrayList<>(runs);
        Collections.reverse(backwards);

        var one = CompletableFuture.supplyAsync(() -> process.daybook().saveAll(runs));
        var two = CompletableFuture.supplyAsync(() -> process.daybook().saveAll(backwards));

        assertThat(one.get().saved())
                .containsExactlyInAnyOrderElementsOf(two.get().saved());
        assertThat(world.git.refs()).hasSize(10);
        assertThat(world.eventNames().stream().filter("ExperimentPersisted"::equals))
                .hasSize(10);
    }
}
