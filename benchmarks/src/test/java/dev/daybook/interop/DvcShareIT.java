package dev.daybook.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.ExperimentSummary;
import dev.daybook.git.ApplyOptions;
import dev.daybook.git.SavedExperiments;
import dev.daybook.git.TransferOptions;
import dev.daybook.git.TransferReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two people share experiments, one with Daybook, the other with real DVC; and the commands that Daybook prints for DVC do what they say. */
@Tag("interop")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DvcShareIT {

    private static final TransferOptions OPTIONS = TransferOptions.defaults();

    @TempDir
    Path scratch;

    private Path origin;

    @BeforeEach
    void name_the_origin() {
        origin = scratch.resolve("origin.git");
    }

    /** Somebody with a repository whose baseline is at the origin. */
    private Project ada(String url) {
        var ada = new Project(
                scratch.resolve("ada"),
                Map.of(
                        ".dvc/config",
                        "[core]\n    remote = store\n['remote \"store\"']\n    url = " + url + "\n",
                        "params.yaml",
                        "lr: 0.1\n",
                        "train.py",
                        "print(1)\n"));
        ada.git("init", "--quiet", "--bare", "--initial-branch=main", origin.toString());
        ada.git("remote", "add", "origin", origin.toString());
        ada.git("push", "--quiet", "origin", "main");
        return ada;
    }

    private Project bob() {
        return Project.cloned(scratch.resolve("bob"), origin);
    }

    /** With a checkpoint, each with data of its own, and nothing of it in the work tree afterwards. */
    private static void save(Project project, String name) throws IOException {
        try (var daybook =
                Daybook.open(project.folder(), DaybookOptions.defaults().withWarnings(warning -> {}))) {
            daybook.run(name, run -> {
                write(project, "early " + name);
                run.setParam("lr", name.length()).addArtifact(Path.of("data.txt"));
                run.makeCheckpoint("early");
                write(project, "late " + name);
                run.addArtifact(Path.of("data.txt")).logMetric("loss", name.length());
            });
        }
        project.restore();
        Files.deleteIfExists(project.folder().resolve("data.txt"));
    }

    private static void write(Project project, String text) {
        try {
            project.write("data.txt", text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String data(Project project) throws IOException {
        return Files.readString(project.folder().resolve("data.txt"));
    }

    private static TransferReport push(Project project) {
        try (var saved = SavedExperiments.open(project.folder())) {
            return saved.push(Optional.empty(), List.of(), OPTIONS);
        }
    }

    private static TransferReport pull(Project project) {
        try (var saved = SavedExperiments.open(project.folder())) {
            return saved.pull(Optional.empty(), List.of(), OPTIONS);
        }
    }

    private static void apply(Project project, String name) {
        try (var saved = SavedExperiments.open(project.folder())) {
            saved.apply(name, ApplyOptions.DEFAULT);
        }
    }

    @Test
    void dvc_pulls_and_applies_what_daybook_pushes_and_back() throws IOException {
        var ada = ada(scratch.resolve("store").toString());
        save(ada, "lion");
        try (var saved = SavedExperiments.open(ada.folder())) {
            saved.tag("lion", "best");
        }
        assertThat(push(ada).problems()).isEmpty();

        var bob = bob();
        assertThat(bob.dvc("exp", "list", "--name-only", "origin").lines()).containsExactly("lion");
        bob.dvc("exp", "pull", "origin", "lion");
        bob.dvc("exp", "apply", "lion");
        assertThat(data(bob)).isEqualTo("late lion");
        assertThat(bob.dvc("status")).contains("up to date");

        write(bob, "of tiger");
        bob.dvc("add", "data.txt");
        bob.git("add", "data.txt.dvc", ".gitignore");
        bob.dvc("exp", "save", "--name", "tiger");
        bob.dvc("exp", "push", "origin", "tiger");

        var report = pull(ada);

        assertThat(report.problems()).isEmpty();
        assertThat(report.warnings()).isEmpty();
        apply(ada, "tiger");
        assertThat(data(ada)).isEqualTo("of tiger");
        assertThat(ada.dvc("status")).contains("up to date");
        apply(ada, "lion@1");
        assertThat(data(ada)).isEqualTo("early lion");
        assertThat(pull(bob).notes()).isOne();
        try (var saved = SavedExperiments.open(bob.folder())) {
            assertThat(saved.all()).extracting(ExperimentSummary::name).containsExactly("lion", "tiger");
            assertThat(saved.annotations("lion").tags()).containsExactly("best");
        }
    }

    @Test
    void the_commands_printed_for_a_remote_that_only_dvc_reaches_move_the_data() throws IOException {
        try (var store = new HttpStore()) {
            var ada = ada(store.url());
            save(ada, "lion");
            save(ada, "a'b");

            ada.shell(command(push(ada), "dvc exp push -r store origin"));

            assertThat(store.contents()).contains("early lion", "late lion", "early a'b", "late a'b");
            var bob = bob();

            bob.shell(command(pull(bob), "dvc exp pull -r store origin"));

            for (var name : List.of("lion", "a'b")) {
                apply(bob, name);
                assertThat(data(bob)).isEqualTo("late " + name);
                apply(bob, name + "@1");
                assertThat(data(bob)).isEqualTo("early " + name);
            }
            assertThat(pull(bob).warnings()).as("nothing is missing").isEmpty();
        }
    }

    private static String command(TransferReport report, String beginning) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.warnings()).hasSize(1);
        var warning = report.warnings().get(0);
        assertThat(warning).contains("; run: " + beginning);
        return warning.substring(warning.indexOf("; run: ") + "; run: ".length());
    }
}
