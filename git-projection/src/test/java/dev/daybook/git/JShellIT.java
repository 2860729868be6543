package dev.daybook.git;

import static dev.daybook.git.PlotRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Daybook in the cells of a notebook: JShell runs them in a JVM of its own without any flag, or in this one. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class JShellIT {

    private static final String FAILED = "the cell has thrown: ";

    @TempDir
    Path temp;

    private GitRepo repo;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdi:timeout(120000)", "local"})
    void an_experiment_goes_over_several_cells_and_outlives_one_that_throws(String execution) {
        try (var shell = JShell.builder().executionEngine(execution).build()) {
            for (var entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
                shell.addToClasspath(entry);
            }
            cell(shell, "import dev.daybook.*;");
            cell(shell, "import java.util.*;");
            cell(shell, "var daybook = Daybook.open(java.nio.file.Path.of(\"" + repo.top + "\"));");
            cell(shell, "record Model(int depth, String name) {}");
            cell(shell, "enum Schedule { COSINE, STEP }");
            cell(shell, "record Config(double lr, Schedule schedule, Model model) {}");
            cell(shell, "var run = daybook.experiment(\"cells\").init();");
            cell(shell, "run.setParams(new Config(0.25, Schedule.COSINE, new Model(9, \"tiny\")));");
            cell(shell, "Metric loss = run.metric(\"train/loss\");");
            cell(shell, "for (int step = 0; step < 3; step++) loss.log(step, 1.0 / (step + 1));");
            assertThat(cell(shell, "loss.log(3, 0.25); if (true) throw new IllegalStateException(\"oops\");"))
                    .contains(FAILED + "java.lang.IllegalStateException");
            assertThat(cell(shell, "run.logMetric(\"train.loss\", 1.0);"))
                    .contains(FAILED + "dev.daybook.InvalidInputException");
            assertThat(cell(shell, "run.state()")).containsExactly("ACTIVE");
            cell(shell, "loss.log(4, 0.2); run.logMetrics(4, Map.of(\"acc\", 0.9));");
            cell(shell, "{ record Local(boolean isLocal) {} run.setParams(new Local(true)); }");
            cell(shell, "var saved = run.save();");
            assertThat(cell(shell, "saved.name()")).containsExactly("\"cells\"");
            cell(shell, "daybook.run(\"cells\", again -> { again.setParams(new Config(0.5, Schedule.STEP, null)); });");
            assertThat(cell(shell, "daybook.experiments().size()")).containsExactly("2");
            cell(shell, "daybook.close();");
        }

        assertThat(repo.refs("refs/exps")).hasSize(2);
        var ref = repo.refs("refs/exps").get(0);
        assertThat(ref).endsWith("/cells");
        assertThat(PlotRows.parse("loss", repo.show(ref, "dvclive/plots/metrics/train/loss.tsv")))
                .containsExactly(row(0, 1.0), row(1, 0.5), row(2, 1.0 / 3), row(3, 0.25), row(4, 0.2));
        assertThat(repo.show(ref, "params.yaml")).contains("lr: 0.25 ", "depth: 9 ", "name: \"tiny\"");
        assertThat(repo.show(ref, "dvclive/params.yaml")).contains("schedule: COSINE", "isLocal: true");
        assertThat(repo.git("status", "--porcelain")).isEmpty();
        repo.assertSound();
    }

    /** Runs a cell, which must compile; gives the values of its snippets, and what one has thrown. */
    private static List<String> cell(JShell shell, String source) {
        var values = new ArrayList<String>();
        var rest = source;
        while (!rest.isEmpty()) {
            var next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            for (var event : shell.eval(next.source())) {
                assertThat(event.status())
                        .as("%s: %s", source, complaints(shell, event).collect(Collectors.joining("; ")))
                        .isIn(Status.VALID, Status.OVERWRITTEN);
                if (event.exception() != null) {
                    values.add(FAILED + nameOf(event.exception()));
                } else if (event.value() != null && !event.value().isEmpty()) {
                    values.add(event.value());
                }
            }
            rest = next.remaining();
        }
        return values;
    }

    private static String nameOf(JShellException exception) {
        return exception instanceof EvalException thrown ? thrown.getExceptionClassName() : exception.toString();
    }

    private static Stream<String> complaints(JShell shell, SnippetEvent event) {
        return shell.diagnostics(event.snippet()).map(diagnostic -> diagnostic.getMessage(null));
    }
}
