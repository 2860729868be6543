package dev.daybook.lifecycle;

import static dev.daybook.lifecycle.LifecycleFixture.CODE;
import static dev.daybook.lifecycle.LifecycleFixture.COMMIT;
import static dev.daybook.lifecycle.LifecycleFixture.LATER_CODE;
import static dev.daybook.lifecycle.LifecycleFixture.REF;
import static dev.daybook.lifecycle.LifecycleFixture.abandoned;
import static dev.daybook.lifecycle.LifecycleFixture.artifact;
import static dev.daybook.lifecycle.LifecycleFixture.checkpoint;
import static dev.daybook.lifecycle.LifecycleFixture.completed;
import static dev.daybook.lifecycle.LifecycleFixture.defined;
import static dev.daybook.lifecycle.LifecycleFixture.discarded;
import static dev.daybook.lifecycle.LifecycleFixture.failed;
import static dev.daybook.lifecycle.LifecycleFixture.fold;
import static dev.daybook.lifecycle.LifecycleFixture.given;
import static dev.daybook.lifecycle.LifecycleFixture.initialized;
import static dev.daybook.lifecycle.LifecycleFixture.named;
import static dev.daybook.lifecycle.LifecycleFixture.persisted;
import static dev.daybook.lifecycle.LifecycleFixture.prepared;
import static dev.daybook.lifecycle.LifecycleFixture.resumed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Every command, in the order of a life. Parameters have a test of their own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LifecycleTest {

    // init

    @Test
    void init_begins_an_experiment() {
        var state = given().when(new Command.Init(initialized())).then(initialized());

        assertThat(state.phase()).isEqualTo(Phase.ACTIVE);
        assertThat(state.name()).isEqualTo("lr-sweep");
        assertThat(state.lastCode()).isEqualTo(CODE);
        assertThat(state.params()).isEmpty();
        assertThat(state.isDiscarded()).isFalse();
    }

    @Test
    void init_refuses_a_name_that_git_or_dvc_cannot_take() {
        given().when(new Command.Init(named("a..b")))
                .refused("experiment name 'a..b' holds '..' or '@{', which a Git ref cannot");
        given().when(new Command.Init(named("a b")))
                .refused("experiment name 'a b' holds ' ', which a Git ref cannot; use '-' instead");
        given().when(new Command.Init(named("deadbeef")))
                .refused("experiment name 'deadbeef' looks like the id of a commit to Git; add a letter beyond a to f");
    }

    @Test
    void init_happens_once() {
        given(initialized())
                .when(new Command.Init(named("other")))
                .refused("cannot init: experiment 'lr-sweep' is ACTIVE");
        given(initialized(), completed())
                .when(new Command.Init(named("other")))
                .refused("cannot init: experiment 'lr-sweep' is COMPLETED");
    }

    @Test
    void init_again_after_discard_takes_another_stream() {
        given(initialized(), discarded())
                .when(new Command.Init(named("other")))
                .refused("cannot init: experiment 'lr-sweep' is UNINITIALIZED");
    }

    // logMetric

    @Test
    void metrics_are_numbered_from_zero_in_the_order_of_their_first_use() {
        given(initialized()).when(new Command.DefineMetric("loss")).then(defined(0, "loss"));
        given(initialized(), defined(0, "loss"))
                .when(new Command.DefineMetric("accuracy"))
                .then(defined(1, "accuracy"));
        var state = given(initialized(), defined(0, "loss"), defined(1, "accuracy"))
                .when(new Command.DefineMetric("train/f1"))
                .then(defined(2, "train/f1"));

        assertThat(state.metricNumbers().keySet()).containsExactly("loss", "accuracy", "train/f1");
        assertThat(state.metricNumbers().values()).containsExactly(0, 1, 2);
    }

    @Test
    void a_metric_that_has_its_number_gives_no_event() {
        given(initialized(), defined(0, "loss"), defined(1, "accuracy"))
                .when(new Command.DefineMetric("loss"))
                .then();
    }

    @Test
    void two_metrics_that_dvc_would_show_under_one_name_are_refused() {
        given(initialized(), defined(0, "train/loss"))
                .when(new Command.DefineMetric("train.loss"))
                .refused("metric names 'train/loss' and 'train.loss' are one name in DVC's tables, 'train.loss', "
                        + "which makes them fail for the whole repository; rename one");
        given(initialized(), defined(0, "a.b/c"))
                .when(new Command.DefineMetric("a/b.c"))
                .refused("metric names 'a.b/c' and 'a/b.c' are one name in DVC's tables, 'a.b.c', "
                        + "which makes them fail for the whole repository; rename one");
    }

    @Test
    void a_metric_name_that_is_no_file_name_is_refused() {
        given(initialized())
                .when(new Command.DefineMetric("step"))
                .refused("metric name 'step' is taken: metrics.json keeps the last step under it");
        for (var name : new String[] {"a\\b", "\\a"}) {
            given(initialized())
                    .when(new Command.DefineMetric(name))
                    .refused("metric name '" + name + "' holds a backslash, which DVC cannot plot; use '/' to nest");
        }
        for (var name : new String[] {"/a", "a/", "a//b", "../a", "a/../b", "./a", "a/ b", "a /b"}) {
            given(initialized())
                    .when(new Command.DefineMetric(name))
                    .refused("metric name '" + name + "' has an empty part, '.', '..' or space at an end between its "
                            + "'/'; each part is a file name");
        }
    }

    @Test
    void records_are_refused_by_the_fold_when_their_metric_was_never_defined() {
        var folded = new ExperimentFold();
        folded.event(initialized());
        folded.event(defined(0, "loss"));
        folded.metricLogged(0, 1, 0.5);

        assertThatThrownBy(() -> folded.metricLogged(1, 1, 0.5))
                .isInstanceOf(InvariantViolation.class)
                .hasMessage("a record of metric 1, which was never defined");
        assertThatThrownBy(() -> folded.metricLogged(-1, 1, 0.5)).isInstanceOf(InvariantViolation.class);
        assertThat(folded.metricRecords()).isEqualTo(1);
        folded.event(completed());
        assertThatThrownBy(() -> folded.metricLogged(0, 1, 0.5))
                .isInstanceOf(InvariantViolation.class)
                .hasMessage("a metric record in phase COMPLETED");
        assertThat(folded.metricRecords()).isEqualTo(1);
        assertThat(folded.metrics()).containsExactly(new MetricSummary(0, "loss", 1, 1, 0.5, 0.5, 0.5, 0.5, 0, 0.5));
    }

    @Test
    void a_fold_says_which_records_it_takes() {
        var folded = new ExperimentFold();
        assertThat(folded.takes(0)).isFalse();
        folded.event(initialized());
        assertThat(folded.takes(0)).isFalse();
        folded.event(defined(0, "loss"));
        folded.event(defined(1, "accuracy"));

        assertThat(folded.takes(-1)).isFalse();
        assertThat(folded.takes(0)).isTrue();
        assertThat(folded.takes(1)).isTrue();
        assertThat(folded.takes(2)).isFalse();
        folded.event(completed());
        assertThat(folded.takes(0)).isFalse();
    }

    @Test
    void a_copy_of_a_fold_goes_on_by_itself() {
        var folded = new ExperimentFold();
        folded.event(initialized());
        folded.event(defined(0, "loss"));
        folded.metricLogged(0, 1, 0.5);

        var copy = folded.copy();
        copy.metricLogged(0, 2, 1.5);
        copy.event(completed());

        assertThat(copy.metrics()).containsExactly(new MetricSummary(0, "loss", 2, 2, 1.5, 0.5, 1.5, 1.0, 0, 2.0));
        assertThat(copy.metricRecords()).isEqualTo(2);
        assertThat(folded.metrics()).containsExactly(new MetricSummary(0, "loss", 1, 1, 0.5, 0.5, 0.5, 0.5, 0, 0.5));
        assertThat(folded.metricRecords()).isEqualTo(1);
        assertThat(folded.data().phase()).isEqualTo(Phase.ACTIVE);
    }

    @Test
    void a_metric_without_a_record_has_no_summary() {
        var folded = new ExperimentFold();
        folded.event(initialized());
        folded.event(defined(0, "never"));
        folded.event(defined(1, "once"));
        assertThat(folded.metrics()).isEmpty();
        folded.metricLogged(1, 3, -0.0);

        assertThat(folded.metrics()).containsExactly(new MetricSummary(1, "once", 1, 3, -0.0, -0.0, -0.0, 0.0, 0, 0.0));
    }

    // makeCheckpoint, addArtifact, tag, note

    @Test
    void a_checkpoint_is_the_last_code_from_then_on() {
        var state = given(initialized())
                .when(new Command.RecordCheckpoint("d".repeat(40), LATER_CODE, "half way"))
                .then(checkpoint());

        assertThat(state.checkpoints()).containsExactly(checkpoint());
        assertThat(state.lastCode()).isEqualTo(LATER_CODE);
    }

    @Test
    void of_two_artifacts_at_one_path_the_last_one_counts() {
        var newer = new Event.ArtifactAdded("model.bin", "md5", "f".repeat(32), 99, 1);
        var state = given(initialized(), artifact("model.bin"), artifact("data"))
                .when(new Command.AddArtifact(newer))
                .then(newer);

        assertThat(state.artifacts()).containsExactly(artifact("data"), newer);
    }

    @Test
    void an_artifact_that_has_not_changed_is_not_recorded_again() {
        given(initialized(), artifact("model.bin"), artifact("data"))
                .when(new Command.AddArtifact(artifact("model.bin")))
                .then();
    }

    @Test
    void no_artifact_is_part_of_another_one_or_of_the_experiments_own_files() {
        for (var path : List.of("data/raw/x", "data/raw", "data")) {
            if (!path.equals("data/raw")) {
                assertThat(refusalOf(path))
                        .isEqualTo("artifact '" + path + "' overlaps with artifact 'data/raw', and DVC takes no data"
                                + " twice; add only one of the two");
            }
        }
        for (var path : List.of("dvclive", "dvclive/metrics.json", "dvclive/plots/x.bin")) {
            assertThat(refusalOf(path))
                    .isEqualTo("artifact '" + path
                            + "' is where the experiment's own files stand, in dvclive; put it elsewhere");
        }
        given(initialized(), artifact("data/raw"))
                .when(new Command.AddArtifact(artifact("dvclive/artifacts/model.bin")))
                .then(artifact("dvclive/artifacts/model.bin"));
    }

    private static String refusalOf(String path) {
        var state = ExperimentFold.evolve(
                ExperimentFold.evolve(ExperimentData.empty(), initialized()), artifact("data/raw"));
        return Decider.decide(state, new Command.AddArtifact(artifact(path)))
                .getLeft()
                .message();
    }

    @Test
    void an_artifacts_name_is_one_that_dvc_takes() {
        for (var name : List.of("a b", "-a", "a-", "_b", "a/", "\u00e9")) {
            var traits = new ArtifactTraits(false, 0, Optional.of(name), Optional.empty(), Optional.empty(), List.of());
            var event = new Event.ArtifactAdded("x", "md5", "0".repeat(32), 1, 1, traits);
            var state = ExperimentFold.evolve(ExperimentData.empty(), initialized());

            assertThat(Decider.decide(state, new Command.AddArtifact(event))
                            .getLeft()
                            .message())
                    .startsWith("artifact 'x' has the name '" + name + "', which DVC refuses");
        }
    }

    @Test
    void tags_and_notes_are_kept_in_order() {
        var state = given(initialized(), new Event.Tagged("b"), new Event.NoteTaken("first"))
                .when(new Command.AddTag("a"))
                .then(new Event.Tagged("a"));
        assertThat(state.tags()).containsExactly("b", "a");

        var noted = given(initialized(), new Event.NoteTaken("first"))
                .when(new Command.TakeNote("two\nlines, \u00e9\u0000\ud800"))
                .then(new Event.NoteTaken("two\nlines, \u00e9\u0000\ud800"));
        assertThat(noted.notes()).containsExactly("first", "two\nlines, \u00e9\u0000\ud800");
    }

    @Test
    void an_empty_tag_or_note_is_refused() {
        given(initialized()).when(new Command.AddTag("")).refused("tag '' is empty; give the tag a name");
        given(initialized())
                .when(new Command.AddTag("two\nlines"))
                .refused("tag 'two\\u000alines' holds an invisible character (U+000A)");
        given(initialized()).when(new Command.TakeNote("")).refused("a note needs some text");
        given(initialized()).when(new Command.TakeNote(" \n")).refused("a note needs some text");
    }

    // complete

    @Test
    void complete_keeps_the_outcome_and_the_code() {
        var state = given(initialized())
                .when(new Command.Complete(Outcome.failed("out of memory"), Optional.of(LATER_CODE)))
                .then(new Event.ExperimentCompleted(Outcome.failed("out of memory"), Optional.of(LATER_CODE)));

        assertThat(state.phase()).isEqualTo(Phase.COMPLETED);
        assertThat(state.completed().map(Event.ExperimentCompleted::outcome)).contains(Outcome.failed("out of memory"));
        assertThat(state.lastCode()).isEqualTo(LATER_CODE);
    }

    @Test
    void a_completion_without_code_leaves_the_code_that_was_recorded_last() {
        assertThat(fold(initialized(), failed("x")).lastCode()).isEqualTo(CODE);
        assertThat(fold(initialized(), checkpoint(), failed("x")).lastCode()).isEqualTo(LATER_CODE);
        assertThat(fold(initialized(), checkpoint(), completed()).lastCode()).isEqualTo(CODE);
        assertThat(fold(initialized(), completed(), prepared()).lastCode()).isEqualTo(LATER_CODE);
    }

    // save

    @Test
    void save_completes_an_active_experiment_first_as_succeeded() {
        var state = given(initialized())
                .when(new Command.CompleteToSave(Optional.of(LATER_CODE)))
                .then(new Event.ExperimentCompleted(Outcome.succeeded(), Optional.of(LATER_CODE)));

        assertThat(state.phase()).isEqualTo(Phase.COMPLETED);
        given(initialized(), failed("x"))
                .when(new Command.CompleteToSave(Optional.of(LATER_CODE)))
                .then();
    }

    @Test
    void a_save_is_prepared_then_confirmed() {
        var half = given(initialized(), completed())
                .when(new Command.PrepareSave(prepared()))
                .then(prepared());
        assertThat(half.phase()).isEqualTo(Phase.COMPLETED);
        assertThat(half.prepared()).contains(prepared());
        assertThat(prepared().name()).isEqualTo("lr-sweep");

        var whole = given(initialized(), completed(), prepared())
                .when(new Command.ConfirmSave())
                .then(persisted());
        assertThat(whole.phase()).isEqualTo(Phase.PERSISTED);
        assertThat(whole.persisted()).contains(persisted());
        assertThat(whole.completed()).contains(completed());
    }

    @Test
    void an_abandoned_save_can_be_prepared_again_under_another_name() {
        var free = given(initialized(), completed(), prepared())
                .when(new Command.AbandonSave("the ref was taken"))
                .then(abandoned());
        assertThat(free.phase()).isEqualTo(Phase.COMPLETED);
        assertThat(free.prepared()).isEmpty();

        var second = new Event.SavePrepared(REF + "-2", "e".repeat(40), "5".repeat(40), Optional.empty());
        given(initialized(), completed(), prepared(), abandoned())
                .when(new Command.PrepareSave(second))
                .then(second);
        given(initialized(), completed(), prepared(), abandoned(), second)
                .when(new Command.ConfirmSave())
                .then(new Event.ExperimentPersisted(REF + "-2", "e".repeat(40)));
    }

    @Test
    void steps_of_a_save_out_of_order_are_refused() {
        given(initialized())
                .when(new Command.PrepareSave(prepared()))
                .refused("cannot save: experiment 'lr-sweep' is ACTIVE, not completed");
        given(initialized(), completed(), prepared())
                .when(new Command.PrepareSave(prepared()))
                .refused("cannot prepare a save: one of experiment 'lr-sweep' is half done");
        given(initialized(), completed())
                .when(new Command.ConfirmSave())
                .refused("no save of experiment 'lr-sweep' is prepared");
        given(initialized(), completed(), prepared(), abandoned())
                .when(new Command.ConfirmSave())
                .refused("no save of experiment 'lr-sweep' is prepared");
        given(initialized(), completed())
                .when(new Command.AbandonSave("why"))
                .refused("no save of experiment 'lr-sweep' is prepared");
    }

    @Test
    void to_save_what_is_saved_changes_nothing() {
        for (var command : new Command[] {
            new Command.CompleteToSave(Optional.of(LATER_CODE)),
            new Command.PrepareSave(prepared()),
            new Command.ConfirmSave()
        }) {
            var state = given(initialized(), completed(), prepared(), persisted())
                    .when(command)
                    .then();
            assertThat(state.persisted()).contains(new Event.ExperimentPersisted(REF, COMMIT));
        }
    }

    // discard, resume

    @Test
    void discard_ends_an_unsaved_experiment() {
        for (var state : new ExperimentData[] {
            given(initialized()).when(new Command.Discard()).then(discarded()),
            given(initialized(), failed("x")).when(new Command.Discard()).then(discarded()),
            given(initialized(), completed(), prepared(), abandoned())
                    .when(new Command.Discard())
                    .then(discarded())
        }) {
            assertThat(state.phase()).isEqualTo(Phase.UNINITIALIZED);
            assertThat(state.isDiscarded()).isTrue();
            assertThat(state.name()).isEqualTo("lr-sweep");
        }
    }

    @Test
    void a_half_done_save_cannot_be_discarded() {
        given(initialized(), completed(), prepared())
                .when(new Command.Discard())
                .refused("cannot discard: a save of experiment 'lr-sweep' is half done; save it, or recover first");
        given(initialized(), completed(), prepared(), persisted())
                .when(new Command.Discard())
                .refused("cannot discard: experiment 'lr-sweep' is PERSISTED");
    }

    @Test
    void resume_goes_on_with_everything_there_was() {
        var before = fold(initialized(), defined(0, "loss"), checkpoint());
        var after = given(initialized(), defined(0, "loss"), checkpoint())
                .when(new Command.Resume(resumed()))
                .then(resumed());

        assertThat(after).isEqualTo(before);
        given(initialized(), completed())
                .when(new Command.Resume(resumed()))
                .refused("cannot resume: experiment 'lr-sweep' is COMPLETED");
    }
}
