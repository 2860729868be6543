package dev.daybook.git;

import static dev.daybook.git.PlotRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.ExperimentState;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.IllegalTransitionException;
import dev.daybook.MetricSummary;
import dev.daybook.NameTakenException;
import dev.daybook.NotOwnerException;
import dev.daybook.RepositoryException;
import dev.daybook.SavedExperiment;
import dev.daybook.TakenName;
import dev.daybook.UnfinishedWorkTreeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The public API on the real journal and the real Git projection, in one JVM. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EndToEndTest {

    record Model(int depth, String name) {}

    record Config(double lr, Model model, List<Integer> layers) {}

    @TempDir
    Path temp;

    private GitRepo repo;
    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
    }

    private DaybookOptions options() {
        return DaybookOptions.defaults().withWarnings(warnings::add);
    }

    private Daybook open() {
        return Daybook.open(repo.top, options());
    }

    private static List<String> names(List<ExperimentSummary> experiments) {
        return experiments.stream().map(ExperimentSummary::name).toList();
    }

    private static ExperimentSummary only(Daybook daybook, String name) {
        var found = daybook.experiments().stream()
                .filter(one -> one.name().equals(name))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private List<PlotRows.Row> rows(SavedExperiment saved, String metric) {
        var column = metric.substring(metric.lastIndexOf('/') + 1);
        return PlotRows.parse(column, repo.show(saved.commit(), "dvclive/plots/metrics/" + metric + ".tsv"));
    }

    private JsonNode json(SavedExperiment saved) throws IOException {
        return new ObjectMapper().readTree(repo.show(saved.commit(), "dvclive/daybook.json"));
    }

    // Names.

    @Test
    void the_same_script_run_twice_on_one_head_simply_works() {
        var saved = new ArrayList<SavedExperiment>();
        for (int time = 0; time < 3; time++) {
            try (var daybook = open()) {
                daybook.run("sweep", run -> run.logMetric("loss", 0.5)).ifPresent(saved::add);
            }
        }

        assertThat(saved).extracting(SavedExperiment::name).containsExactly("sweep", "sweep-2", "sweep-3");
        assertThat(saved).extracting(SavedExperiment::baseline).containsOnly(repo.head());
        assertThat(repo.refs("refs/exps"))
                .containsExactlyInAnyOrderElementsOf(
                        saved.stream().map(SavedExperiment::ref).toList());
        assertThat(warnings)
                .containsExactly(
                        "experiment name 'sweep' is taken; this one is 'sweep-2'",
                        "experiment name 'sweep' is taken; this one is 'sweep-3'");
        repo.assertSound();
    }

    @Test
    void a_name_is_free_again_on_another_baseline_and_after_a_discard() {
        try (var daybook = open()) {
            daybook.run("sweep", run -> {});
            repo.write("train.py", "print(2)\n").commit("next");
            var saved = daybook.run("sweep", run -> {}).orElseThrow();
            assertThat(saved.name()).isEqualTo("sweep");
            assertThat(saved.baseline()).isEqualTo(repo.head());

            var run = daybook.experiment("other").init();
            run.discard();
            assertThat(run.init().name()).isEqualTo("other");
            run.discard();
        }
        assertThat(warnings).isEmpty();
        assertThat(GitRepo.listing(repo.top.resolve(".git/daybook/journal/names")))
                .isEmpty();
        assertThat(repo.refs("refs/daybook")).isEmpty();
    }

    @Test
    void a_name_is_reserved_across_two_daybooks_from_init_on() {
        try (var one = open();
                var two = Daybook.open(repo.top, options().withTakenName(TakenName.REFUSE))) {
            var first = one.experiment("mine").init();
            assertThatThrownBy(() -> two.experiment("mine").init())
                    .isInstanceOf(NameTakenException.class)
                    .hasMessage("experiment name 'mine' is taken by an unfinished experiment; choose another, or save"
                            + " or discard that one");
            assertThat(one.experiment("mine").init().name()).isEqualTo("mine-2");
            first.save();
            assertThatThrownBy(() -> two.experiment("mine").init())
                    .isInstanceOf(NameTakenException.class)
                    .hasMessageContaining("a saved experiment of this baseline");
        }
        assertThat(warnings).containsExactly("experiment name 'mine' is taken; this one is 'mine-2'");
    }

    // Several Daybooks.

    @Test
    void two_repositories_are_worked_on_in_one_jvm() {
        var other = GitRepo.reference(temp.resolve("other"));
        try (var here = open();
                var there = Daybook.open(other.top, options())) {
            var first = here.experiment("same").init();
            var second = there.experiment("same").init();
            first.logMetric("loss", 1);
            second.logMetric("loss", 2);
            assertThat(second.save().name()).isEqualTo("same");
            assertThat(first.save().name()).isEqualTo("same");
            assertThat(only(here, "same").metrics()).containsEntry("loss", 1.0);
            assertThat(only(there, "same").metrics()).containsEntry("loss", 2.0);
        }
        assertThat(warnings).isEmpty();
        repo.assertSound();
        other.assertSound();
    }

    @Test
    void one_repository_is_opened_twice_in_one_jvm() {
        try (var one = open();
                var two = open()) {
            var first = one.experiment("first").init();
            var second = two.experiment("second").init();
            first.logMetric("loss", 1);
            second.logMetric("loss", 2);

            assertThat(only(two, "first").status()).isEqualTo(Status.RUNNING);
            assertThat(only(one, "second").metrics()).containsEntry("loss", 2.0);
            assertThatThrownBy(() -> two.resume("first"))
                    .isInstanceOf(NotOwnerException.class)
                    .hasMessageContaining(
                            "is being run by process " + ProcessHandle.current().pid() + " ");

            first.close();
            assertThat(only(two, "first").status()).isEqualTo(Status.INTERRUPTED);
            var resumed = two.resume("first");
            assertThat(only(one, "first").status()).isEqualTo(Status.RUNNING);
            resumed.logMetric("loss", 3);
            assertThat(rows(resumed.save(), "loss")).containsExactly(row(0, 1), row(1, 3));
            assertThat(rows(second.save(), "loss")).containsExactly(row(0, 2));
            assertThat(one.experiments()).extracting(ExperimentSummary::status).containsOnly(Status.PERSISTED);
        }
    }

    @Test
    void an_experiment_goes_to_and_fro_between_two_daybooks_and_loses_nothing() {
        var expected = new ArrayList<PlotRows.Row>();
        try (var one = open();
                var two = open();
                var reader = open()) {
            var run = one.experiment("ball").init();
            for (int turn = 0; turn < 6; turn++) {
                for (int i = 0; i < 3; i++) {
                    run.logMetric("loss", turn + i / 10.0);
                    expected.add(row(expected.size(), turn + i / 10.0));
                }
                run.setParam("turn", turn);
                run.close();
                assertThat(only(reader, "ball").metrics()).containsEntry("loss", turn + 0.2);
                // twice in a row to the same one, too
                run = (turn / 2 % 2 == 0 ? two : one).resume("ball");
            }
            assertThat(run.params().get("turn")).contains(5L);
            assertThat(rows(run.save(), "loss")).isEqualTo(expected);
            assertThat(reader.damage()).isEmpty();
        }
    }

    @Test
    void a_later_daybook_saves_the_recorded_code_and_not_its_own_work_tree() throws IOException {
        repo.write("train.py", "print(\"changed\")\n");
        try (var daybook = open()) {
            daybook.experiment("left").init().setParam("lr", 0.5).logMetric("loss", 1);
        }
        repo.write("train.py", "print(\"later\")\n");
        var before = repo.untouchables();

        try (var daybook = open()) {
            assertThat(only(daybook, "left").status()).isEqualTo(Status.INTERRUPTED);
            var saved = daybook.find("left").orElseThrow().save();

            assertThat(repo.show(saved.commit(), "train.py")).isEqualTo("print(\"changed\")\n");
            assertThat(json(saved).path("outcome").asText()).isEqualTo("succeeded");
            assertThat(rows(saved, "loss")).containsExactly(row(0, 1));
            assertThat(daybook.find("left")).isEmpty();
        }
        assertThat(withoutJournal(repo.untouchables())).isEqualTo(withoutJournal(before));
    }

    @Test
    void a_saved_experiment_is_replaced_where_that_is_asked_for() {
        try (var daybook = Daybook.open(repo.top, options().withTakenName(TakenName.REPLACE))) {
            var first = daybook.run("best", run -> run.logMetric("loss", 1)).orElseThrow();
            var second = daybook.run("best", run -> run.logMetric("loss", 2)).orElseThrow();
            assertThat(second.ref()).isEqualTo(first.ref());
            assertThat(repo.git("rev-parse", first.ref()))
                    .isEqualTo(second.commit())
                    .isNotEqualTo(first.commit());
            assertThat(only(daybook, "best").metrics()).containsEntry("loss", 2.0);
        }
    }

    // Which HEAD, which folder.

    @Test
    void a_detached_head_is_a_baseline() {
        repo.git("checkout", "-q", "--detach");
        try (var daybook = open()) {
            var saved =
                    daybook.run("detached", run -> run.makeCheckpoint("one")).orElseThrow();
            assertThat(saved.baseline()).isEqualTo(repo.head());
            assertThat(repo.git("rev-parse", saved.commit() + "^1")).isEqualTo(repo.head());
        }
        assertThat(repo.git("rev-parse", "--abbrev-ref", "HEAD")).isEqualTo("HEAD");
        assertThat(warnings).isEmpty();
    }

    @Test
    void head_that_moves_between_init_and_save_leaves_the_baseline() throws IOException {
        var baseline = repo.head();
        try (var daybook = open()) {
            var run = daybook.experiment("moved").init();
            repo.write("train.py", "print(\"next\")\n").commit("next");
            var saved = run.save();

            assertThat(saved.baseline()).isEqualTo(baseline);
            assertThat(repo.git("rev-parse", saved.commit() + "^1")).isEqualTo(baseline);
            assertThat(repo.show(saved.commit(), "train.py")).isEqualTo("print(\"next\")\n");
            assertThat(json(saved).path("baseline").asText()).isEqualTo(baseline);
            assertThat(json(saved).path("head").asText()).isEqualTo(repo.head());
        }
        assertThat(warnings)
                .containsExactly("HEAD is now " + repo.head()
                        + ", and experiment 'moved' stays on the commit it began with, " + baseline);
    }

    @Test
    void a_merge_that_is_begun_meanwhile_leaves_the_recorded_code() {
        repo.git("checkout", "-q", "-b", "side");
        repo.write("train.py", "print(\"side\")\n").commit("side");
        repo.git("checkout", "-q", "main");
        repo.write("train.py", "print(\"main\")\n").commit("main");
        repo.write("params.yaml", "lr: 0.3\n");
        try (var daybook = open()) {
            var run = daybook.experiment("trained").init();
            assertThat(repo.tryGit("merge", "-q", "side").status()).isNotZero();
            repo.write("params.yaml", "lr: 0.7\n");
            var before = repo.untouchables();

            assertThatThrownBy(() -> daybook.experiment("next").init()).isInstanceOf(UnfinishedWorkTreeException.class);
            assertThatThrownBy(daybook::status).isInstanceOf(UnfinishedWorkTreeException.class);
            assertThat(warnings).isEmpty();
            var checkpoint = run.makeCheckpoint("half");
            var saved = run.save();

            for (var commit : List.of(checkpoint.commit(), saved.commit())) {
                assertThat(repo.show(commit, "train.py")).isEqualTo("print(\"main\")\n");
                assertThat(repo.show(commit, "params.yaml")).isEqualTo("lr: 0.3\n");
            }
            assertThat(warnings).hasSize(2).allSatisfy(EndToEndTest::assertLastCounts);
            assertThat(warnings).allMatch(warning -> warning.startsWith("a merge is unfinished in "));
            assertThat(withoutJournal(repo.untouchables())).isEqualTo(withoutJournal(before));
        }
        repo.assertSound();
    }

    private static void assertLastCounts(String warning) {
        assertThat(warning).endsWith("; the code that was recorded last counts");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_conflict_that_comes_meanwhile_leaves_the_recorded_code(boolean isByGit) {
        repo.write("train.py", "print(\"stashed\")\n");
        repo.git("stash", "-q");
        repo.write("train.py", "print(\"main\")\n").commit("main");
        var options = isByGit ? options().withUntracked("*.txt") : options();
        try (var daybook = Daybook.open(repo.top, options)) {
            var run = daybook.experiment("trained").init();
            assertThat(repo.tryGit("stash", "apply").status()).isNotZero();

            assertThatThrownBy(() -> daybook.experiment("next").init()).isInstanceOf(UnfinishedWorkTreeException.class);
            assertThat(warnings).isEmpty();
            var checkpoint = run.makeCheckpoint("half");
            var saved = daybook.saveAll(List.of(run)).orThrow().get(0);

            for (var commit : List.of(checkpoint.commit(), saved.commit())) {
                assertThat(repo.show(commit, "train.py")).isEqualTo("print(\"main\")\n");
            }
            assertThat(warnings).hasSize(2).allSatisfy(EndToEndTest::assertLastCounts);
            assertThat(warnings).allMatch(warning -> warning.startsWith("'train.py' in "));
        }
    }

    @Test
    void a_linked_worktree_has_its_own_head_and_code_and_shares_the_experiments() {
        repo.git("worktree", "add", "-q", "-b", "side", temp.resolve("linked").toString());
        var linked = new GitRepo(temp.resolve("linked"))
                .write("train.py", "print(\"side\")\n")
                .commit("side")
                .write("train.py", "print(\"side, changed\")\n");
        try (var main = open();
                var side = Daybook.open(linked.top, options())) {
            var running = side.experiment("there").init();
            assertThat(only(main, "there").status()).isEqualTo(Status.RUNNING);
            var saved = running.save();
            assertThat(saved.baseline()).isEqualTo(linked.head()).isNotEqualTo(repo.head());
            assertThat(repo.show(saved.ref(), "train.py")).isEqualTo("print(\"side, changed\")\n");
            assertThat(only(main, "there").commit()).contains(saved.commit());
        }
        assertThat(repo.git("status", "--porcelain")).isEmpty();
        assertThat(linked.git("status", "--porcelain")).isEqualTo(" M train.py");
    }

    @Test
    void a_subfolder_stands_for_its_repository() {
        repo.write("src/deep/x", "x").commit("deep").write("train.py", "print(\"changed\")\n");
        try (var daybook = Daybook.open(repo.top.resolve("src/deep"), options())) {
            var saved = daybook.run("deep", run -> run.setParam("lr", 0.7)).orElseThrow();
            assertThat(repo.show(saved.commit(), "train.py")).isEqualTo("print(\"changed\")\n");
            assertThat(repo.show(saved.commit(), "params.yaml")).contains("lr: 0.7 ");
            assertThat(repo.files(saved.commit())).contains("dvclive/daybook.json", "src/deep/x");
        }
        assertThat(repo.top.resolve("src/deep/.git")).doesNotExist();
    }

    // What cannot be opened.

    @Test
    void no_repository_is_one_sentence_and_nothing_is_written() throws IOException {
        assertRefused(Files.createDirectories(temp.resolve("plain/folder")), "is in no Git repository");
    }

    @Test
    void a_bare_repository_is_one_sentence_and_nothing_is_written() {
        repo.git("clone", "-q", "--bare", ".", temp.resolve("bare.git").toString());
        assertRefused(temp.resolve("bare.git"), "is bare");
    }

    @Test
    void a_repository_of_sha_256_is_one_sentence_and_nothing_is_written() {
        new GitRepo(temp).git("init", "-q", "--object-format=sha256", "sha256");
        assertRefused(temp.resolve("sha256"), "names its objects by sha256");
    }

    @Test
    void a_repository_without_a_commit_is_one_sentence_and_nothing_is_written() {
        assertRefused(GitRepo.init(temp.resolve("empty")).top, "has no commit yet");
    }

    private void assertRefused(Path path, String part) {
        var before = wholeOf(temp);
        var refusal = catchThrowable(() -> Daybook.open(path, options()));
        assertThat(refusal).isExactlyInstanceOf(RepositoryException.class).hasMessageContaining(part);
        assertThat(refusal.getMessage()).doesNotContain("\n", "Exception").doesNotEndWith(".");
        assertThat(wholeOf(temp)).isEqualTo(before);
        assertThat(warnings).isEmpty();
    }

    @Test
    void to_open_to_list_and_to_ask_in_vain_writes_nothing() {
        var before = wholeOf(temp);
        try (var daybook = open()) {
            assertThat(daybook.experiments()).isEmpty();
            assertThat(daybook.find("x")).isEmpty();
            assertThat(daybook.recover()).isEmpty();
            assertThat(daybook.damage()).isEmpty();
            assertThat(daybook.experiment("x").state()).isEqualTo(ExperimentState.UNINITIALIZED);
            assertThatThrownBy(() -> daybook.experiment("x").logMetric("loss", 1))
                    .isInstanceOf(IllegalTransitionException.class);
        }
        assertThat(wholeOf(temp)).isEqualTo(before);
    }

    /** Every file and folder with its time and content. */
    private static Map<String, String> wholeOf(Path folder) {
        var whole = new TreeMap<String, String>();
        try (var paths = Files.walk(folder)) {
            for (var path : (Iterable<Path>) paths::iterator) {
                var content =
                        Files.isRegularFile(path) ? HexFormat.of().formatHex(Files.readAllBytes(path)) : "no file";
                whole.put(path.toString(), Files.getLastModifiedTime(path) + " " + content);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return whole;
    }

    // Code and parameters.

    @Test
    void tracked_changes_are_in_the_commit_and_untracked_files_only_if_asked_for() {
        repo.write("train.py", "print(\"changed\")\n")
                .write("notes.txt", "mine\n")
                .write("src/new.py", "x = 1\n")
                .write("src/deep/new.py", "x = 2\n")
                .write("ignored.log", "log\n");
        repo.git("rm", "-q", "--cached", ".dvc/config");
        try (var plain = open();
                var asked = Daybook.open(repo.top, options().withUntracked("src/**/*.py", "*.log"))) {
            var without = plain.run("without", run -> {}).orElseThrow();
            var with = asked.run("with", run -> {}).orElseThrow();

            assertThat(repo.show(without.commit(), "train.py")).isEqualTo("print(\"changed\")\n");
            assertThat(repo.files(without.commit()))
                    .contains("train.py", "params.yaml")
                    .doesNotContain("notes.txt", "src/new.py", "src/deep/new.py", "ignored.log", ".dvc/config");
            assertThat(repo.files(with.commit()))
                    .contains("src/new.py", "src/deep/new.py")
                    .doesNotContain("notes.txt", "ignored.log");
        }
    }

    @Test
    void parameters_are_edited_into_their_files_and_comments_stay() {
        repo.write("conf/x.yaml", "# conf\nkey: 1 # one\n").commit("conf");
        try (var daybook = open()) {
            var saved = daybook.run("params", run -> {
                        run.setParams(new Config(0.01, new Model(5, "resnet"), List.of(64, 32)));
                        run.setParam("lr", 0.02);
                        run.setParam("conf/x.yaml:key", 7);
                        run.setParam("conf/x.yaml:fresh.key", "new");
                        run.setParam("nothing", null);

                        assertThat(run.params().get("lr")).contains(0.02);
                        assertThat(run.params().get("seed")).contains(42L);
                        assertThat(run.params().origin("seed").orElseThrow().isSet())
                                .isFalse();
                        assertThat(run.params().origin("lr").orElseThrow().toString())
                                .isEqualTo("set, for params.yaml");
                        assertThat(run.params()
                                        .origin("conf/x.yaml:key")
                                        .orElseThrow()
                                        .file())
                                .isEqualTo("conf/x.yaml");
                    })
                    .orElseThrow();

            assertThat(repo.show(saved.commit(), "params.yaml")).isEqualTo("""
                    # training parameters
                    lr: 0.02          # learning rate
                    model:
                      depth: 5       # layers
                      name: "resnet" # quoted on purpose
                    seed: 42
                    """);
            assertThat(repo.show(saved.commit(), "conf/x.yaml")).isEqualTo("""
                    # conf
                    key: 7 # one
                    fresh:
                      key: new
                    """);
            assertThat(repo.show(saved.commit(), "dvclive/params.yaml"))
                    .contains("layers:", "nothing:")
                    .doesNotContain("lr", "depth");
            assertThat(only(daybook, "params").params())
                    .containsEntry("lr", 0.02)
                    .containsEntry("model.depth", 5L)
                    .containsEntry("seed", 42L)
                    .containsEntry("layers", List.of(64L, 32L))
                    .containsEntry("fresh.key", "new")
                    .containsEntry("nothing", null);
        }
        assertThat(repo.git("status", "--porcelain")).isEmpty();
        assertThat(warnings)
                .contains("params.yaml says lr is 0.1, and the experiment says it is 0.02: the commit holds the"
                        + " experiment's value")
                .hasSize(3);
    }

    // The body.

    @Test
    void a_body_that_fails_leaves_a_failed_experiment_that_can_be_saved() throws IOException {
        try (var daybook = open()) {
            var failure = new IOException("disk on fire");
            assertThatThrownBy(() -> daybook.run("burnt", run -> {
                        run.logMetric("loss", 9);
                        throw failure;
                    }))
                    .isSameAs(failure)
                    .hasNoSuppressedExceptions();

            var listed = only(daybook, "burnt");
            assertThat(listed.status()).isEqualTo(Status.COMPLETED);
            assertThat(listed.failure()).contains("java.io.IOException: disk on fire");
            assertThat(repo.refs("refs/exps")).isEmpty();

            var saved = daybook.find("burnt").orElseThrow().save();
            assertThat(json(saved).path("outcome").asText()).isEqualTo("failed");
            assertThat(json(saved).path("failure").asText()).isEqualTo("java.io.IOException: disk on fire");
            assertThat(rows(saved, "loss")).containsExactly(row(0, 9));
            assertThat(only(daybook, "burnt").failure()).contains("java.io.IOException: disk on fire");
        }
    }

    @Test
    void an_error_of_the_body_is_rethrown_and_a_discarded_one_saves_nothing() {
        try (var daybook = open()) {
            assertThatThrownBy(() -> daybook.run("broken", run -> {
                        throw new StackOverflowError();
                    }))
                    .isInstanceOf(StackOverflowError.class);
            daybook.find("broken").orElseThrow().discard();
            assertThat(daybook.run("gone", Experiment::discard)).isEmpty();
            assertThat(daybook.experiments()).isEmpty();
        }
        assertThat(repo.refs("refs/exps")).isEmpty();
        assertThat(repo.refs("refs/daybook")).isEmpty();
    }

    // Values and threads.

    @Test
    void the_plots_hold_exactly_what_was_logged() {
        var values = new LinkedHashMap<Long, Double>();
        var special = List.of(
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                -0.0,
                0.0,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                0.1 + 0.2,
                1e-5,
                1e16,
                2e-3,
                -1.0 / 3);
        for (var value : special) {
            values.put((long) values.size(), value);
        }
        try (var daybook = open()) {
            var saved = daybook.run("values", run -> {
                        values.forEach((step, value) -> run.logMetric("train/loss", step, value));
                        // steps repeat, skip and go back
                        run.logMetric("acc", 5, 0.5);
                        run.logMetric("acc", 5, 0.6);
                        run.logMetric("acc", Long.MAX_VALUE, 0.7);
                        run.logMetric("acc", -3, 0.8);
                        run.logMetric("acc", 0.9);
                        run.logMetrics(2, Map.of("f1", 1));
                    })
                    .orElseThrow();
            var expected = new ArrayList<PlotRows.Row>();
            values.forEach((step, value) -> expected.add(row(step, value)));
            assertThat(rows(saved, "train/loss")).isEqualTo(expected);
            assertThat(rows(saved, "acc"))
                    .containsExactly(row(5, 0.5), row(5, 0.6), row(Long.MAX_VALUE, 0.7), row(-3, 0.8), row(-2, 0.9));
            assertThat(rows(saved, "f1")).containsExactly(row(2, 1));
        }
    }

    @Test
    void eight_threads_log_to_one_experiment_while_checkpoints_are_made_and_all_is_counted() throws Exception {
        int threads = 8;
        int each = 500;
        int checkpoints = 4;
        try (var daybook = open()) {
            var run = daybook.experiment("busy").init();
            var shared = run.metric("shared");
            var tasks = new ArrayList<Callable<Void>>();
            var barrier = new CyclicBarrier(threads + 1);
            for (int t = 0; t < threads; t++) {
                int thread = t;
                tasks.add(() -> {
                    barrier.await();
                    for (int i = 0; i < each; i++) {
                        shared.log(thread * 1.0);
                        run.logMetric("own-" + thread, i, thread + i / 1000.0);
                    }
                    return null;
                });
            }
            tasks.add(() -> {
                barrier.await();
                for (int i = 0; i < checkpoints; i++) {
                    run.makeCheckpoint("at " + i);
                    run.setParam("checkpoint", i);
                }
                return null;
            });
            inParallel(tasks);

            var counts = new TreeMap<String, Long>();
            run.metrics().forEach(metric -> counts.put(metric.name(), metric.count()));
            assertThat(counts).containsEntry("shared", (long) threads * each).hasSize(threads + 1);
            var saved = run.save();

            for (int t = 0; t < threads; t++) {
                int thread = t;
                assertThat(rows(saved, "own-" + t))
                        .isEqualTo(IntStream.range(0, each)
                                .mapToObj(i -> row(i, thread + i / 1000.0))
                                .toList());
            }
            var sharedRows = rows(saved, "shared");
            assertThat(sharedRows).hasSize(threads * each);
            assertThat(new HashSet<>(sharedRows.stream().map(PlotRows.Row::step).toList()))
                    .as("steps that count up, each given out once")
                    .hasSize(threads * each);
            for (int t = 0; t < threads; t++) {
                double thread = t;
                assertThat(sharedRows.stream().filter(row -> row.value() == thread))
                        .hasSize(each);
            }
            assertThat(run.checkpoints()).hasSize(checkpoints);
            assertThat(repo.git("rev-list", "--count", repo.head() + ".." + saved.commit()))
                    .isEqualTo(String.valueOf(checkpoints + 1));
        }
        repo.assertSound();
    }

    @Test
    void four_threads_run_experiments_in_one_daybook() throws Exception {
        int threads = 4;
        int each = 3;
        try (var daybook = open()) {
            var saved = Collections.synchronizedList(new ArrayList<SavedExperiment>());
            var tasks = new ArrayList<Callable<Void>>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                tasks.add(() -> {
                    for (int i = 0; i < each; i++) {
                        int number = i;
                        daybook.run("same", run -> {
                                    run.setParam("thread", thread);
                                    for (int step = 0; step < 20; step++) {
                                        run.logMetric("loss", step, thread * 1000.0 + number * 100 + step);
                                    }
                                    daybook.experiments();
                                })
                                .ifPresent(saved::add);
                    }
                    return null;
                });
            }
            inParallel(tasks);

            assertThat(saved).hasSize(threads * each);
            assertThat(saved)
                    .extracting(SavedExperiment::name)
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, threads * each)
                            .mapToObj(n -> n == 1 ? "same" : "same-" + n)
                            .toList());
            var firsts = new ArrayList<Double>();
            for (var one : saved) {
                var rows = rows(one, "loss");
                double first = rows.get(0).value();
                assertThat(rows)
                        .isEqualTo(IntStream.range(0, 20)
                                .mapToObj(step -> row(step, first + step))
                                .toList());
                assertThat(only(daybook, one.name()).params()).containsEntry("thread", (long) first / 1000);
                firsts.add(first);
            }
            assertThat(firsts).doesNotHaveDuplicates();
            assertThat(daybook.damage()).isEmpty();
        }
        assertThat(repo.refs("refs/daybook")).isEmpty();
        repo.assertSound();
    }

    @Test
    void a_value_that_races_the_end_is_kept_or_refused() throws Exception {
        try (var daybook = open()) {
            var run = daybook.experiment("race").init();
            var loss = run.metric("loss");
            loss.log(0, 0);
            var barrier = new CyclicBarrier(2);
            var acknowledged = new ArrayList<Long>(List.of(0L));
            Callable<Void> logger = () -> {
                barrier.await();
                for (long step = 1; ; step++) {
                    try {
                        loss.log(step, (double) step);
                    } catch (IllegalTransitionException e) {
                        return null;
                    }
                    acknowledged.add(step);
                }
            };
            Callable<Void> ender = () -> {
                barrier.await();
                run.complete();
                return null;
            };
            inParallel(List.of(logger, ender));

            assertThat(rows(run.save(), "loss"))
                    .isEqualTo(acknowledged.stream()
                            .map(step -> row(step, (double) step))
                            .toList());
        }
    }

    private static void inParallel(List<Callable<Void>> tasks) throws Exception {
        var executor = Executors.newFixedThreadPool(tasks.size());
        try {
            for (var future : executor.invokeAll(tasks)) {
                try {
                    future.get();
                } catch (ExecutionException e) {
                    throw new AssertionError("a thread failed", e.getCause());
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    // What happens to the repository meanwhile.

    @Test
    void garbage_collection_in_the_middle_takes_nothing_away() throws IOException {
        repo.write("train.py", "print(\"changed\")\n");
        try (var daybook = open()) {
            var run = daybook.experiment("collected").init();
            run.setParam("lr", 0.4);
            repo.write("train.py", "print(\"again\")\n");
            var checkpoint = run.makeCheckpoint("one");
            repo.write("train.py", "print(\"last\")\n");
            repo.git("gc", "-q", "--prune=now");
            assertThat(repo.show(checkpoint.commit(), "train.py")).isEqualTo("print(\"again\")\n");
            run.logMetric("loss", 1);
            repo.git("reflog", "expire", "--expire=now", "--all");
            repo.git("repack", "-q", "-a", "-d");
            repo.git("prune", "--expire=now");
            repo.git("pack-refs", "--all");
            var saved = run.save();

            repo.git("gc", "-q", "--prune=now");
            assertThat(repo.show(saved.commit(), "train.py")).isEqualTo("print(\"last\")\n");
            assertThat(repo.git("rev-parse", saved.commit() + "^2")).isEqualTo(checkpoint.commit());
            assertThat(run.save()).isEqualTo(saved);
            assertThat(only(daybook, "collected").commit()).contains(saved.commit());
            var next = daybook.run("collected", again -> again.makeCheckpoint("two"))
                    .orElseThrow();
            assertThat(next.name()).isEqualTo("collected-2");
        }
        repo.assertSound();
    }

    @Test
    void daybooks_that_run_the_same_script_at_once_get_a_name_each() throws Exception {
        int daybooks = 3;
        int each = 3;
        var tasks = new ArrayList<Callable<Void>>();
        var barrier = new CyclicBarrier(daybooks);
        for (int d = 0; d < daybooks; d++) {
            tasks.add(() -> {
                try (var daybook = open()) {
                    barrier.await();
                    for (int i = 0; i < each; i++) {
                        daybook.run("same", run -> run.logMetric("loss", 1));
                        assertThat(daybook.damage()).isEmpty();
                    }
                }
                return null;
            });
        }
        inParallel(tasks);

        try (var daybook = open()) {
            assertThat(names(daybook.experiments()))
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, daybooks * each)
                            .mapToObj(n -> n == 1 ? "same" : "same-" + n)
                            .toList());
        }
        assertThat(GitRepo.listing(repo.top.resolve(".git/daybook/journal/names")))
                .isEmpty();
        repo.assertSound();
    }

    @Test
    void what_is_saved_or_discarded_keeps_no_name() {
        var names = repo.top.resolve(".git/daybook/journal/names");
        try (var daybook = open()) {
            var saved = daybook.experiment("saved").init();
            var discarded = daybook.experiment("discarded").init();
            assertThat(GitRepo.listing(names)).hasSize(2);
            saved.saveAs("saved-as");
            discarded.discard();
            assertThat(GitRepo.listing(names)).isEmpty();
        }
        repo.write("train.py", "print(2)\n").commit("another baseline");
        try (var daybook = Daybook.open(repo.top, options().withTakenName(TakenName.REFUSE))) {
            assertThat(daybook.experiment("saved").init().name()).isEqualTo("saved");
        }
    }

    @Test
    void the_same_script_run_twice_works_with_the_longest_name_too() {
        var name = "x".repeat(200);
        try (var daybook = open()) {
            daybook.run(name, run -> {});
            assertThat(daybook.run(name, run -> {})).isPresent();
        }
    }

    // The user's own.

    /** Daybook itself records a plain repository, and runs no git that could run a hook or change an index. */
    @ParameterizedTest
    @ValueSource(strings = {"* diff", "* text"})
    void whatever_is_done_the_users_own_stays_byte_for_byte(String attributes) {
        repo.write(".gitattributes", attributes + "\n").commit("attributes");
        repo.write("train.py", "print(\"stashed\")\n");
        repo.git("stash", "-q");
        repo.git("branch", "other");
        repo.git("tag", "v1");
        repo.write("staged.py", "x = 1\n").git("add", "staged.py");
        repo.write("train.py", "print(\"changed\")\n").write("untracked.txt", "mine\n");
        var hook = repo.top.resolve(".git/hooks");
        for (var name : List.of("post-commit", "reference-transaction", "post-index-change", "pre-commit")) {
            repo.write(".git/hooks/" + name, "#!/bin/sh\necho ran >> \"" + temp.resolve("hooked") + "\"\n");
            assertThat(hook.resolve(name).toFile().setExecutable(true)).isTrue();
        }
        var before = repo.untouchables();

        try (var daybook = open()) {
            daybook.run("saved", run -> {
                run.setParam("lr", 0.3).setParam("fresh", 1);
                run.logMetric("loss", 1);
                run.makeCheckpoint("one");
            });
            daybook.experiment("dropped").init().discard();
            assertThatThrownBy(() -> daybook.run("failed", run -> {
                        throw new IllegalStateException();
                    }))
                    .isInstanceOf(IllegalStateException.class);
            daybook.experiment("left").init();
        }
        try (var daybook = open()) {
            daybook.resume("left").tag("later").save();
            assertThat(names(daybook.experiments())).containsExactlyInAnyOrder("saved", "left", "failed");
        }

        assertThat(withoutJournal(repo.untouchables())).isEqualTo(before);
        assertThat(before).containsKeys(".git/HEAD", ".git/index", ".git/logs/HEAD", ".git/logs/refs/stash");
        assertThat(repo.top.resolve(".git/logs/refs/exps")).doesNotExist();
        assertThat(temp.resolve("hooked")).doesNotExist();
        repo.assertSound();
    }

    private static Map<String, String> withoutJournal(Map<String, String> files) {
        var kept = new TreeMap<>(files);
        kept.keySet().removeIf(name -> name.startsWith(".git/daybook/"));
        return kept;
    }

    @Test
    void a_saved_one_cannot_be_gone_on_with_and_saves_to_the_same() {
        try (var daybook = open()) {
            var run = daybook.experiment("done").init();
            run.logMetric("loss", 1);
            var saved = run.save();
            assertThat(run.save()).isEqualTo(saved);
            assertThatThrownBy(() -> run.logMetric("loss", 2))
                    .isInstanceOf(IllegalTransitionException.class)
                    .hasMessage("cannot logMetric: experiment 'done' is PERSISTED");
            assertThat(run.metrics()).extracting(MetricSummary::count).containsExactly(1L);
            assertThat(repo.refs("refs/exps")).containsExactly(saved.ref());
        }
    }
}
