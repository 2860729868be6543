package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.ExperimentSummary;
import dev.daybook.InvalidInputException;
import dev.daybook.NameTakenException;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.SavedExperiment;
import dev.daybook.lifecycle.ExperimentId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Found, compared, renamed, branched off, removed and brought back. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SavedExperimentsTest {

    @TempDir
    Path temp;

    private GitRepo repo;
    private SavedExperiments saved;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
        saved = SavedExperiments.open(repo.top);
    }

    @AfterEach
    void close() {
        saved.close();
        repo.assertSound();
    }

    private SavedExperiment save(String name) {
        return repo.save(name, run -> run.logMetric("loss", 1));
    }

    @Test
    void a_name_means_the_experiment_of_the_present_baseline_first() {
        var old = save("lion");
        repo.write("train.py", "2\n").commit("second");
        var present = save("lion");
        assertThat(saved.find("lion").commit()).contains(present.commit());
        assertThat(saved.find(old.ref()).commit()).contains(old.commit());

        repo.write("train.py", "3\n").commit("third");
        assertThatThrownBy(() -> saved.find("lion"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(old.ref())
                .hasMessageContaining(present.ref());
        assertThatThrownBy(() -> saved.find("tiger"))
                .isInstanceOf(NoSuchExperimentException.class)
                .hasMessageContaining("there is no saved experiment 'tiger'");
        assertThat(saved.all()).extracting(ExperimentSummary::name).containsExactly("lion", "lion");
    }

    @Test
    void metrics_that_a_stage_writes_are_read_where_git_has_them() {
        repo.write("dvc.yaml", """
                        stages:
                          train:
                            wdir: sub
                            cmd: python train.py
                            metrics:
                            - m.json:
                                cache: false
                            - cached.json
                            - ${name}.json
                        """).write("sub/m.json", "{\"acc\": 0.5}");
        repo.git("add", "-A");
        var commit = repo.git("commit-tree", repo.git("write-tree"), "-p", "HEAD", "-m", "dvc: commit experiment");
        repo.git("update-ref", ExperimentRefs.experiment(repo.head(), "by-dvc"), commit);

        var shown = saved.find("by-dvc");

        assertThat(shown.metrics()).isEqualTo(Map.of("acc", 0.5));
        assertThat(shown.problems()).isEmpty();
    }

    @Test
    void a_difference_is_what_the_two_have_otherwise() {
        repo.save("lion", run -> {
            run.setParam("lr", 0.5);
            run.logMetric("loss", 0.25);
            run.logMetric("val/acc", 0.5);
        });
        repo.write("train.py", "print(2)\n");
        repo.save("tiger", run -> {
            run.setParam("seed", 42);
            run.logMetric("loss", 0.25);
            run.logMetric("extra", 7);
        });

        var difference = saved.diff("lion", "tiger");

        assertThat(difference.from().params()).containsExactly(entry("lr", 0.5));
        assertThat(difference.to().params()).containsExactly(entry("lr", 0.1));
        assertThat(difference.from().metrics()).containsExactly(entry("val/acc", 0.5));
        assertThat(difference.to().metrics()).containsKey("extra").hasSize(1);
        assertThat(difference.files()).contains(new FileChange("train.py", 'M'));
        assertThat(saved.diff("lion", "lion").isEmpty()).isTrue();
        assertThat(saved.diff("main", "tiger").files()).contains(new FileChange("dvclive/metrics.json", 'A'));
    }

    @Test
    void the_work_tree_can_be_compared_with() {
        repo.save("lion", run -> run.setParam("lr", 0.5));
        repo.write("params.yaml", GitRepo.PARAMS.replace("0.1 ", "0.9 "));

        var difference = saved.diffWorkTree("lion");

        assertThat(difference.to().commit()).isEmpty();
        assertThat(difference.from().params()).containsExactly(entry("lr", 0.5));
        assertThat(difference.to().params()).containsExactly(entry("lr", 0.9));
        assertThat(difference.files()).contains(new FileChange("params.yaml", 'M'));
    }

    @Test
    void checkpoints_can_be_compared() {
        repo.save("lion", run -> {
            run.logMetric("loss", 2);
            run.makeCheckpoint("one");
            run.logMetric("loss", 1);
        });
        var difference = saved.diff("lion@1", "lion");
        assertThat(difference.from().metrics()).containsExactly(entry("loss", 2.0));
        assertThat(difference.to().metrics()).containsExactly(entry("loss", 1.0));
    }

    @Test
    void what_is_removed_can_be_had_back_even_after_gc() {
        var lion = repo.save("lion", run -> {
            run.logMetric("loss", 2);
            run.makeCheckpoint("one");
        });
        var checkpoints = repo.refs("refs/daybook/checkpoints");

        var removed = saved.remove("lion");

        assertThat(repo.refs("refs/exps")).isEmpty();
        assertThat(repo.refs("refs/daybook")).containsExactly(removed.kept());
        assertThat(saved.removed()).containsExactly(removed);
        assertThatThrownBy(() -> saved.remove("lion")).isInstanceOf(NoSuchExperimentException.class);
        repo.git("pack-refs", "--all");
        repo.git("gc", "--quiet", "--prune=now");

        var restored = saved.restore("lion");
        assertThat(restored).isEqualTo(lion);
        assertThat(repo.refs("refs/daybook")).isEqualTo(checkpoints);
        assertThatThrownBy(() -> saved.restore("lion"))
                .isInstanceOf(NoSuchExperimentException.class)
                .hasMessageContaining("remove --list");
    }

    @Test
    void who_removes_and_who_brings_back_at_once_never_leave_it_without_a_ref() throws Exception {
        var lion = save("lion");
        var threads = Executors.newFixedThreadPool(2);
        try (var other = SavedExperiments.open(repo.top)) {
            for (int i = 0; i < 100; i++) {
                var removing = threads.submit(() -> attempt(() -> saved.remove("lion")));
                var restoring = threads.submit(() -> attempt(() -> other.restore("lion")));
                removing.get();
                restoring.get();
                assertThat(repo.git("for-each-ref", "--format=%(objectname)", "refs/exps", "refs/daybook/removed"))
                        .isEqualTo(lion.commit());
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void attempt(Runnable verb) {
        try {
            verb.run();
        } catch (NoSuchExperimentException e) {
            // it is not where this one looks for it just now
        }
    }

    @Test
    void the_one_removed_last_comes_back_first_and_only_where_its_name_is_free() {
        save("lion");
        saved.remove("lion");
        var second = repo.save("lion", run -> run.logMetric("loss", 2));
        saved.remove("lion");
        repo.save("lion", run -> run.logMetric("loss", 3));
        assertThat(saved.removed()).hasSize(2);
        assertThatThrownBy(() -> saved.restore("lion")).isInstanceOf(NameTakenException.class);

        saved.rename("lion", "third", false);
        assertThat(saved.restore("lion")).isEqualTo(second);
    }

    @Test
    void where_case_makes_no_difference_a_name_does_not_change_by_its_case_alone() {
        save("lion");
        repo.git("config", "core.ignorecase", "true");

        assertThatThrownBy(() -> saved.rename("lion", "Lion", false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'lion' and 'Lion' are one file on this file system");
        assertThat(saved.find("lion").name()).isEqualTo("lion");
    }

    @Test
    void a_name_changes_and_the_commit_does_not() {
        var lion = save("lion");
        save("tiger");

        assertThatThrownBy(() -> saved.rename("lion", "tiger", false))
                .isInstanceOf(NameTakenException.class)
                .hasMessageContaining("--force");
        var renamed = saved.rename("lion", "cat", false);
        assertThat(renamed.commit()).isEqualTo(lion.commit());
        assertThat(saved.rename("cat", "cat", false)).isEqualTo(renamed);
        saved.rename("cat", "tiger", true);

        assertThat(saved.find("tiger").commit()).contains(lion.commit());
        assertThat(repo.refs("refs/exps")).hasSize(1);
        assertThat(saved.removed()).hasSize(1);
        repo.git("pack-refs", "--all");
        saved.rename("tiger", "lion", false);
        assertThat(repo.refs("refs/exps")).containsExactly(lion.ref());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "", "HEAD", "main", "..", "-x", "deadbeef", "a.lock"})
    void names_that_mean_something_else_are_refused(String name) {
        save("lion");
        assertThatThrownBy(() -> saved.rename("lion", name, true)).isInstanceOf(InvalidInputException.class);
        assertThat(repo.refs("refs/exps")).hasSize(1);
    }

    @Test
    void a_branch_is_the_experiments_commit() {
        var lion = repo.save("lion", run -> run.makeCheckpoint("one"));
        var head = repo.head();

        assertThat(saved.branch("lion", "try/lion")).isEqualTo("refs/heads/try/lion");

        assertThat(repo.git("rev-parse", "try/lion")).isEqualTo(lion.commit());
        assertThat(repo.head()).isEqualTo(head);
        saved.branch("lion@1", "half");
        assertThat(repo.git("rev-parse", "half"))
                .isEqualTo(saved.checkpoints("lion").get(0).commit());
        assertThatThrownBy(() -> saved.branch("lion", "main"))
                .isInstanceOf(NameTakenException.class)
                .hasMessageContaining("'main' is there already");
        assertThatThrownBy(() -> saved.branch("lion", "half")).isInstanceOf(NameTakenException.class);
        for (var bad : new String[] {"a..b", "", "-x", "HEAD", "a b"}) {
            assertThatThrownBy(() -> saved.branch("lion", bad)).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void tags_and_notes_are_kept_beside_the_commit() {
        var lion = save("lion");
        assertThat(saved.annotations("lion")).isEqualTo(Annotations.NONE);

        saved.tag("lion", "best");
        saved.tag("lion", "best");
        saved.tag("lion", "also");
        saved.note("lion", "slow, but good\nreally");
        saved.untag("lion", "also");

        var annotations = saved.annotations("lion");
        assertThat(annotations.tags()).containsExactly("best");
        assertThat(annotations.notes()).singleElement().satisfies(note -> {
            assertThat(note.author()).isEqualTo("Ada");
            assertThat(note.text()).isEqualTo("slow, but good\nreally");
        });
        assertThat(saved.find("lion").commit()).contains(lion.commit());
        saved.rename("lion", "cat", false);
        repo.git("gc", "--quiet", "--prune=now");
        assertThat(saved.annotations("cat")).isEqualTo(annotations);
        for (var bad : new String[] {"", " ", "a\nb"}) {
            assertThatThrownBy(() -> saved.tag("cat", bad)).isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> saved.note("cat", "  ")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> saved.tag("none", "x")).isInstanceOf(NoSuchExperimentException.class);
    }

    @Test
    void what_two_clones_note_is_all_there_when_they_meet() throws IOException {
        var lion = ObjectId.fromString(save("lion").commit());
        try (var repository = Repositories.open(repo.top)) {
            var refs = new ExperimentRefs(repository, Duration.ofSeconds(1));
            var annotations = new AnnotationRefs(repository, refs);
            saved.tag("lion", "common");
            var common = refs.read(AnnotationRefs.ref(lion)).orElseThrow();
            saved.tag("lion", "here");
            var here = refs.read(AnnotationRefs.ref(lion)).orElseThrow();
            repo.git("update-ref", AnnotationRefs.ref(lion), common.name());
            saved.tag("lion", "there");

            annotations.merge(lion, here);
            assertThat(saved.annotations("lion").tags()).containsExactly("common", "here", "there");
            var merged = refs.read(AnnotationRefs.ref(lion));
            annotations.merge(lion, common);
            annotations.merge(lion, here);
            assertThat(refs.read(AnnotationRefs.ref(lion))).isEqualTo(merged);
            repo.git("update-ref", AnnotationRefs.ref(lion), common.name());
            annotations.merge(lion, merged.orElseThrow());
            assertThat(refs.read(AnnotationRefs.ref(lion))).isEqualTo(merged);
            repo.git("update-ref", "-d", AnnotationRefs.ref(lion));
            annotations.merge(lion, here);
            assertThat(saved.annotations("lion").tags()).containsExactly("common", "here");
        }
    }

    @Test
    void what_was_removed_long_ago_can_be_let_go() {
        repo.save("lion", run -> run.makeCheckpoint("one"));
        save("tiger");
        saved.tag("lion", "gone");
        saved.tag("tiger", "stays");
        saved.remove("lion");

        assertThat(saved.collect(Duration.ofDays(1), false).refs()).isEmpty();
        var trial = saved.collect(Duration.ofSeconds(-1), true);
        assertThat(trial.refs()).extracting(Collected.Kept::what).containsExactly("lion");
        assertThat(trial.bytes().orElseThrow()).isPositive();
        assertThat(saved.removed()).hasSize(1);

        assertThat(saved.collect(Duration.ofSeconds(-1), false)).isEqualTo(trial);
        assertThat(saved.removed()).isEmpty();
        assertThat(repo.refs("refs/daybook")).hasSize(1);
        assertThat(saved.annotations("tiger").tags()).containsExactly("stays");
    }

    @Test
    void notes_on_what_something_else_has_removed_are_let_go_when_they_are_old() {
        var lion = save("lion");
        saved.tag("lion", "unpushed");
        repo.git("update-ref", "-d", lion.ref());

        assertThat(saved.collect(Duration.ofDays(1), true).refs()).isEmpty();
        assertThat(saved.collect(Duration.ofDays(1), false).refs()).isEmpty();
        assertThat(repo.refs("refs/daybook/notes")).hasSize(1);

        var trial = saved.collect(Duration.ofSeconds(-1), true);
        assertThat(trial.refs()).singleElement().satisfies(kept -> {
            assertThat(kept.ref()).isEqualTo("refs/daybook/notes/" + lion.commit());
            assertThat(kept.what()).isEqualTo("tags and notes");
        });
        assertThat(saved.collect(Duration.ofSeconds(-1), false)).isEqualTo(trial);
        assertThat(repo.refs("refs/daybook/notes")).isEmpty();
    }

    @Test
    void checkpoints_of_what_something_else_has_removed_are_let_go_when_they_are_old() {
        var yesterday = Clock.fixed(Instant.now().minus(Duration.ofDays(1)), ZoneOffset.UTC);
        var options = DaybookOptions.defaults().withClock(yesterday).withWarnings(warning -> {});
        var unfinished = "";
        try (var daybook = Daybook.open(repo.top, options)) {
            for (var name : List.of("lion", "tiger", "bear")) {
                var run = daybook.experiment(name).init();
                run.makeCheckpoint("one");
                run.save();
            }
            var run = daybook.experiment("running").init();
            run.makeCheckpoint("one");
            unfinished = ExperimentRefs.checkpoints(ExperimentId.parse(run.id().orElseThrow()));
        }
        saved.remove("bear");
        var all = repo.refs("refs/daybook/checkpoints");
        assertThat(all).hasSize(3).contains(unfinished);
        repo.git("update-ref", "-d", ExperimentRefs.experiment(repo.head(), "lion"));

        assertThat(saved.collect(Duration.ofDays(2), false).refs()).isEmpty();
        var trial = saved.collect(Duration.ofHours(1), true);
        assertThat(trial.refs()).extracting(Collected.Kept::what).containsExactly("checkpoints");
        assertThat(repo.refs("refs/daybook/checkpoints")).isEqualTo(all);
        assertThat(saved.collect(Duration.ofHours(1), false)).isEqualTo(trial);

        assertThat(repo.refs("refs/daybook/checkpoints"))
                .hasSize(2)
                .contains(unfinished)
                .doesNotContain(trial.refs().get(0).ref());
        saved.restore("bear");
        assertThat(repo.refs("refs/daybook/checkpoints")).hasSize(3);
    }
}
