package dev.daybook.examples;

import static dev.daybook.examples.SweepRepositoryTest.git;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example as a newcomer runs it: once, in a JVM of its own; then what it has left behind. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DigitsSweepIT {

    private static final String DISCARDED = "perceptron64-lr3.0";

    /** Nine configurations without the discarded one, and the one that was killed. */
    private static final List<String> SAVED = Stream.concat(
                    DigitsSweep.CONFIGS.stream().map(Config::experimentName).filter(name -> !name.equals(DISCARDED)),
                    Stream.of(DigitsSweep.KILLED.experimentName()))
            .toList();

    private static Path repository;
    private static String printed;
    private static Map<String, ExperimentSummary> experiments;

    @BeforeAll
    static void the_program_runs(@TempDir Path scratch) throws IOException, InterruptedException {
        repository = scratch.resolve("my digits");
        printed = run(repository);
        experiments = experiments();
    }

    private static String run(Path repository) throws IOException, InterruptedException {
        Path output = repository.resolveSibling("printed.txt");
        Process program = new ProcessBuilder(DigitsSweep.javaCommand(repository.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(program.waitFor(5, TimeUnit.MINUTES)).as("it ends").isTrue();
        } finally {
            program.descendants().forEach(ProcessHandle::destroyForcibly);
            program.destroyForcibly();
        }
        String printed = Files.readString(output);
        assertThat(program.exitValue()).as(printed).isZero();
        return printed;
    }

    private static Map<String, ExperimentSummary> experiments() {
        try (Daybook daybook = Daybook.open(repository)) {
            return daybook.experiments().stream()
                    .collect(Collectors.toMap(ExperimentSummary::name, Function.identity()));
        }
    }

    @Test
    void every_configuration_is_saved_but_the_one_that_learned_nothing() {
        assertThat(SAVED).hasSize(9);
        assertThat(experiments.keySet()).containsExactlyInAnyOrderElementsOf(SAVED);
        assertThat(experiments.values()).extracting(ExperimentSummary::status).containsOnly(Status.PERSISTED);
        assertThat(git(repository, "for-each-ref", "--format=%(refname)", "refs/exps"))
                .containsAll(refs());
    }

    @Test
    void the_branch_the_index_and_the_work_tree_are_as_before() {
        assertThat(git(repository, "status", "--porcelain")).isEmpty();
        assertThat(git(repository, "rev-list", "--count", "main")).containsExactly("1");
    }

    @Test
    void the_models_learn() {
        assertThat(experiments.values())
                .extracting(experiment -> metric(experiment, Training.CHOOSE_BY))
                .allMatch(accuracy -> accuracy > 0.6)
                .anyMatch(accuracy -> accuracy > 0.95);
    }

    @Test
    void a_commit_holds_the_parameters_in_their_places_and_the_comments() {
        var params = show("perceptron16-lr0.02", "params.yaml");

        assertThat(params)
                .startsWith("# The defaults of the digits sweep.")
                .contains("  kind: PERCEPTRON   ", "  hiddenUnits: 16    ", "  learningRate: 0.02 ");
        assertThat(git(repository, "diff", "--numstat", "main", ref("perceptron16-lr0.02"), "--", "params.yaml"))
                .containsExactly("3\t3\tparams.yaml");
    }

    @Test
    void a_commit_has_the_last_checkpoint_in_its_history() {
        assertThat(git(repository, "log", "--format=%s", "main.." + ref("softmax-lr0.1")))
                .hasSize(3)
                .anyMatch(subject -> subject.contains("epoch 4"))
                .anyMatch(subject -> subject.contains("epoch 9"));
    }

    @Test
    void the_killed_one_was_listed_as_interrupted_and_has_every_step_once() {
        String name = DigitsSweep.KILLED.experimentName();

        assertThat(printed).containsPattern(name + " +interrupted ");
        assertThat(show(name, "dvclive/plots/metrics/val/accuracy.tsv")
                        .lines()
                        .map(line -> line.replaceAll("\t.*", "")))
                .containsExactly("step", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11");
    }

    @Test
    void the_killed_one_is_what_it_would_have_been_without() {
        try (Daybook daybook = Daybook.open(repository)) {
            daybook.run("not-killed", run -> {
                run.setParams(DigitsSweep.KILLED);
                new Training(repository.resolve("models")).train(run, DigitsSweep.KILLED);
            });
        }

        assertThat(git(
                        repository,
                        "diff",
                        "--name-only",
                        ref(DigitsSweep.KILLED.experimentName()),
                        ref(DigitsSweep.KILLED.experimentName())
                                .replace(DigitsSweep.KILLED.experimentName(), "not-killed")))
                .containsExactly("dvclive/daybook.json");
    }

    @Test
    void the_table_is_printed_best_first() {
        List<String> table = printed.lines()
                .dropWhile(line -> !line.startsWith("  experiment "))
                .takeWhile(line -> !line.isEmpty())
                .toList();
        List<String> rows = table.subList(1, table.size()).stream()
                .map(line -> line.strip().replaceAll(" .*", ""))
                .toList();

        assertThat(rows).containsExactlyInAnyOrderElementsOf(SAVED);
        assertThat(rows)
                .extracting(name -> metric(experiment(name), Training.CHOOSE_BY))
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void the_refs_and_what_to_try_next_are_printed() {
        assertThat(printed.lines())
                .containsAll(refs().stream().map(ref -> "  " + ref).toList());
        assertThat(printed)
                .contains("  git -C '" + repository + "' log --oneline refs/exps/")
                .contains("  dvc --cd '" + repository + "' exp show\n")
                .containsPattern("  DAYBOOK list\n  DAYBOOK diff NAME (NAME)\n  DAYBOOK apply \\1\n$"
                        .replace("DAYBOOK", Pattern.quote("git-projection/target/daybook -C '" + repository + "'"))
                        .replace("NAME", "(?:" + String.join("|", SAVED) + ")"));
    }

    @Test
    void the_sweep_can_be_run_again_on_the_same_commit() {
        new DigitsSweep(repository, new PrintStream(OutputStream.nullOutputStream())).sweep();

        assertThat(experiments().keySet())
                .containsAll(SAVED)
                .containsAll(DigitsSweep.CONFIGS.stream()
                        .map(Config::experimentName)
                        .filter(name -> !name.equals(DISCARDED))
                        .map(name -> name + "-2")
                        .toList())
                .doesNotContain(DISCARDED, DISCARDED + "-2");
        assertThat(git(repository, "status", "--porcelain")).isEmpty();
    }

    private static ExperimentSummary experiment(String name) {
        return Objects.requireNonNull(experiments.get(name), name);
    }

    private static String ref(String name) {
        return experiment(name).ref().orElseThrow();
    }

    private static List<String> refs() {
        return SAVED.stream().map(DigitsSweepIT::ref).toList();
    }

    private static double metric(ExperimentSummary experiment, String name) {
        return ((Number) Objects.requireNonNull(experiment.metrics().get(name), name)).doubleValue();
    }

    private static String show(String name, String file) {
        return String.join("\n", git(repository, "show", ref(name) + ":" + file));
    }
}
