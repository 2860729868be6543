package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.ExperimentSummary.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FollowerTest {

    private final World world = new World();
    private final World.Worker watcher = world.process();
    private final List<HistoryEntry> seen = new ArrayList<>();

    @AfterEach
    void the_journal_is_sound_whatever_was_done() {
        world.requireSound();
    }

    private void requireSeenAll() {
        var id = watcher.daybook().history("x").id();
        requireSeenAll(watcher.daybook().history(id, "x"));
    }

    private void requireSeenAll(History history) {
        var all = new ArrayList<HistoryEntry>();
        history.forEach(all::add);
        assertThat(seen).isEqualTo(all);
    }

    private List<Object> values() {
        return seen.stream()
                .filter(entry -> entry.kind().equals(HistoryEntry.METRIC_LOGGED))
                .map(entry -> entry.details().get("value"))
                .toList();
    }

    @Test
    void gives_each_entry_once_as_it_comes() {
        var run = world.process().begin("x");
        run.logMetric("loss", 1.0);
        var follower = watcher.daybook().follow("x");

        assertThat(follower.poll(seen::add)).isEmpty();
        assertThat(seen).hasSize(3);
        assertThat(follower.poll(seen::add)).isEmpty();
        assertThat(seen).hasSize(3);
        run.logMetric("loss", 2.0);
        assertThat(follower.poll(seen::add)).isEmpty();

        assertThat(values()).containsExactly(1.0, 2.0);
        requireSeenAll();
    }

    @Test
    void ends_when_the_experiment_is_saved() {
        var run = world.process().begin("x");
        var follower = watcher.daybook().follow("x");
        run.logMetric("loss", 1.0);
        run.save();

        assertThat(follower.poll(seen::add)).contains(Status.PERSISTED);

        requireSeenAll();
    }

    @Test
    void ends_when_the_experiment_is_discarded() {
        var run = world.process().begin("x");
        var follower = watcher.daybook().follow("x");
        var history = watcher.daybook().history("x");
        run.discard();

        assertThat(follower.poll(seen::add)).contains(Status.DISCARDED);

        requireSeenAll(history);
    }

    @Test
    void ends_when_the_owner_has_died_and_all_was_given_that_it_wrote() throws InterruptedException {
        var worker = world.process();
        var run = worker.begin("x");
        var follower = watcher.daybook().follow("x");
        assertThat(follower.poll(seen::add)).isEmpty();
        run.logMetric("loss", 1.0);
        worker.die();

        assertThat(follower.run(seen::add)).isEqualTo(Status.INTERRUPTED);

        assertThat(values()).containsExactly(1.0);
        requireSeenAll();
    }

    @Test
    void ends_when_a_completed_experiment_was_left() throws InterruptedException {
        var run = world.process().begin("x");
        run.complete();
        var follower = watcher.daybook().follow("x");
        assertThat(follower.poll(seen::add)).isEmpty();
        assertThat(follower.poll(seen::add)).isEmpty();

        run.close();

        assertThat(follower.run(seen::add)).isEqualTo(Status.COMPLETED);
        requireSeenAll();
    }

    @Test
    void goes_on_when_another_process_has_taken_over() {
        var one = world.process();
        var run = one.begin("x");
        run.logMetric("loss", 1.0);
        var follower = watcher.daybook().follow("x");
        assertThat(follower.poll(seen::add)).isEmpty();
        run.logMetric("loss", 2.0);
        one.die();
        var resumed = world.process().daybook().resume("x");

        assertThat(follower.poll(seen::add)).isEmpty();
        resumed.logMetric("loss", 3.0);
        assertThat(follower.poll(seen::add)).isEmpty();
        resumed.save();
        assertThat(follower.poll(seen::add)).contains(Status.PERSISTED);

        assertThat(values()).containsExactly(1.0, 2.0, 3.0);
        requireSeenAll();
    }

    @Test
    void goes_on_when_an_heir_is_older_than_the_one_it_inherits_from() {
        var heir = world.process();
        heir.begin("other");
        var one = world.process();
        one.begin("x").logMetric("loss", 1.0);
        var follower = watcher.daybook().follow("x");
        assertThat(follower.poll(seen::add)).isEmpty();
        one.die();
        heir.daybook().resume("x").logMetric("loss", 2.0);

        assertThat(follower.poll(seen::add)).isEmpty();

        assertThat(values()).containsExactly(1.0, 2.0);
        requireSeenAll();
    }

    @Test
    void runs_to_the_end_while_the_experiment_goes_on() throws InterruptedException {
        var run = world.process().begin("x");
        var follower = watcher.daybook().follow("x");

        var ended = follower.run(entry -> {
            seen.add(entry);
            if (values().size() == 20) {
                if (run.state() == ExperimentState.ACTIVE) {
                    run.save();
                }
            } else if (!entry.kind().equals("MetricDefined")) {
                run.logMetric("loss", seen.size());
            }
        });

        assertThat(ended).isEqualTo(Status.PERSISTED);
        assertThat(values()).hasSize(20);
        requireSeenAll();
    }

    @Test
    void follows_one_experiment_and_no_other() {
        var worker = world.process();
        var run = worker.begin("x");
        var other = worker.begin("other");
        var follower = watcher.daybook().follow("x");
        run.logMetric("loss", 1.0);
        other.logMetric("loss", 2.0);

        follower.poll(seen::add);

        assertThat(values()).containsExactly(1.0);
        requireSeenAll();
    }

    @Test
    void what_is_not_unfinished_is_refused() {
        world.process().begin("x").save();

        assertThatThrownBy(() -> watcher.daybook().follow("x"))
                .isInstanceOf(NoSuchExperimentException.class)
                .hasMessage("there is no unfinished experiment 'x' in this repository; none is unfinished");
    }
}
