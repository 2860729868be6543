package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.port.InMemoryProjection.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ResumeFromTest {

    private final World world = new World();
    private final World.Worker process = world.process();
    private final Daybook daybook = process.daybook();

    @AfterEach
    void the_journal_is_sound() {
        world.requireSound();
    }

    /** Two checkpoints, and more behind the last one. */
    private Experiment run() {
        var run = process.begin("x");
        run.setParam("lr", 0.5);
        run.logMetric("loss", 3, 2.0);
        run.logMetric("loss", 4, Double.NaN);
        run.makeCheckpoint("one");
        run.setParam("lr", 0.25);
        run.logMetric("loss", 5, 1.0);
        run.logMetric("acc", 5, 0.5);
        run.makeCheckpoint("two");
        run.logMetric("loss", 6, 99.0);
        run.setParam("lr", 99);
        return run;
    }

    @Test
    void it_is_a_new_experiment_with_what_was_there_at_the_checkpoint() {
        var source = run();

        var run = daybook.resumeFrom("x", 2);

        assertThat(run.state()).isEqualTo(ExperimentState.ACTIVE);
        assertThat(run.name()).isEqualTo("x-2");
        assertThat(run.id()).isNotEqualTo(source.id());
        assertThat(run.params().asMap()).isEqualTo(Map.of("lr", 0.25));
        assertThat(run.metrics())
                .containsExactly(
                        new MetricSummary("loss", 3, 5, 1, 1, 2, 1.5),
                        new MetricSummary("acc", 1, 5, 0.5, 0.5, 0.5, 0.5));
        assertThat(run.checkpoints()).isEmpty();
        assertThat(source.metrics()).extracting(MetricSummary::count).containsExactly(4L, 1L);
        assertThat(world.warnings).contains("experiment name 'x' is taken; this one is 'x-2'");
    }

    @Test
    void values_go_on_from_there() {
        run();
        var run = daybook.resumeFrom("x", 1);

        run.logMetric("loss", 4.0);
        run.logMetric("other", 1.0);

        assertThat(run.metrics())
                .containsExactly(
                        new MetricSummary("loss", 3, 5, 4, 2, 4, 3), new MetricSummary("other", 1, 0, 1, 1, 1, 1));
        assertThat(world.process().find("x-2").metrics()).isEqualTo(run.metrics());
    }

    @Test
    void the_saved_commit_has_the_checkpoint_in_its_history() {
        var checkpoint = run().checkpoints().get(0);
        var run = daybook.resumeFrom("x", checkpoint);

        var saved = run.save();

        assertThat(saved.baseline()).isEqualTo(World.HEAD);
        assertThat(world.git.commit(saved.commit()).orElseThrow().parents())
                .containsExactly(World.HEAD, checkpoint.commit());
    }

    @Test
    void its_first_checkpoint_follows_the_one_that_it_began_with() {
        var checkpoint = run().checkpoints().get(1);
        var run = daybook.resumeFrom("x", checkpoint.commit());

        var next = run.makeCheckpoint("three");

        assertThat(next.number()).isEqualTo(1);
        assertThat(world.git.commit(next.commit()).orElseThrow().parents()).endsWith(checkpoint.commit());
        var saved = run.save();
        assertThat(world.git.commit(saved.commit()).orElseThrow().parents()).endsWith(next.commit());
    }

    @Test
    void the_checkpoint_is_kept_from_gc_whatever_becomes_of_the_other_experiment() {
        var source = run();
        var checkpoint = source.checkpoints().get(0);
        var run = daybook.resumeFrom("x", 1);
        source.discard();

        world.git.collectGarbage();

        assertThat(world.git.commit(checkpoint.commit())).isPresent();
        assertThat(world.git.commit(run.save().commit()).orElseThrow().parents())
                .endsWith(checkpoint.commit());
    }

    @Test
    void a_saved_or_interrupted_experiment_can_be_gone_on_from_too() {
        run().save();
        var other = process.begin("y");
        other.makeCheckpoint("only");
        process.die();

        var late = world.process();

        assertThat(late.daybook().resumeFrom("x", 1).params().asMap()).isEqualTo(Map.of("lr", 0.5));
        assertThat(late.daybook().resumeFrom("y", 1).name()).isEqualTo("y-2");
    }

    @Test
    void one_that_began_so_can_be_gone_on_from_again() {
        run();
        var second = daybook.resumeFrom("x", 1);
        second.logMetric("loss", 8.0);
        second.makeCheckpoint("of the second");

        var third = daybook.resumeFrom("x-2", 1);

        assertThat(third.metrics()).containsExactly(new MetricSummary("loss", 3, 5, 8, 2, 8, 5));
    }

    @Test
    void its_code_is_that_of_the_checkpoint_and_not_the_work_tree() {
        run();
        world.git.setTree("a".repeat(40));
        var run = daybook.resumeFrom("x", 1);

        var commit = world.git.commit(run.save().commit()).orElseThrow();

        assertThat(commit.code().tree()).isNotEqualTo("a".repeat(40));
        assertThat(commit.code()).isEqualTo(run.data().facts().code());
    }

    @Test
    void its_history_says_where_it_began() {
        var source = run();
        var run = daybook.resumeFrom("x", 2);
        run.logMetric("acc", 1.0);

        var entries = new ArrayList<HistoryEntry>();
        run.history().forEach(entries::add);

        assertThat(entries.get(0).details())
                .containsEntry(
                        "origin",
                        Map.of(
                                "experiment",
                                source.id().orElseThrow(),
                                "name",
                                "x",
                                "checkpoint",
                                2L,
                                "commit",
                                source.checkpoints().get(1).commit()));
        assertThat(entries.get(1).details()).containsEntry("name", "acc").containsEntry("step", 6L);
    }

    @Test
    void what_is_not_there_is_said() {
        run();
        process.begin("none");

        assertThatThrownBy(() -> daybook.resumeFrom("x", 3))
                .isInstanceOf(NoSuchExperimentException.class)
                .hasMessage("experiment 'x' has no checkpoint 3; it has 1 to 2");
        assertThatThrownBy(() -> daybook.resumeFrom("none", 1))
                .hasMessage("experiment 'none' has no checkpoint 1; it has none");
        assertThatThrownBy(() -> daybook.resumeFrom("x", "f".repeat(40)))
                .hasMessage("experiment 'x' has no checkpoint " + "f".repeat(40));
        assertThatThrownBy(() -> daybook.resumeFrom("y", 1))
                .isInstanceOf(NoSuchExperimentException.class)
                .hasMessage(
                        "there is no experiment 'y' of Daybook in this repository; 'daybook list' or Daybook.experiments()"
                                + " lists what there is, and what was discarded is gone with its checkpoints");
    }

    @Test
    void a_whole_ref_means_the_saved_one() {
        var saved = run().save();

        assertThat(daybook.resumeFrom(saved.ref(), 2).name()).isEqualTo("x-2");
    }

    @Test
    void a_discarded_experiment_cannot_be_gone_on_from() {
        run().discard();

        assertThatThrownBy(() -> daybook.resumeFrom("x", 1)).isInstanceOf(NoSuchExperimentException.class);
    }

    @Test
    void a_commit_that_is_gone_is_said_and_leaves_nothing_behind() {
        run();
        var before = world.events();
        world.git.fail(Step.START, () -> new RepositoryException("the checkpoint is not in the repository any more"));

        assertThatThrownBy(() -> daybook.resumeFrom("x", 1)).isInstanceOf(RepositoryException.class);

        world.git.heal();
        assertThat(world.events()).isEqualTo(before);
        assertThat(daybook.resumeFrom("x", 1).name()).isEqualTo("x-2");
    }

    @Test
    void plots_and_checkpoints_are_refused_in_the_wrong_state_as_anything_else() {
        var run = daybook.experiment("z");
        assertThatThrownBy(() -> run.logPlot("roc", List.of(Map.of("x", 1)), PlotOptions.of("x", "x")))
                .isInstanceOf(IllegalTransitionException.class)
                .hasMessage("cannot logPlot: experiment 'z' is UNINITIALIZED");
    }
}
