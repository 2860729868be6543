package dev.daybook.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.ExperimentSummary;
import dev.daybook.git.ApplyOptions;
import dev.daybook.git.FileChange;
import dev.daybook.git.SavedExperiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs on saved experiments beside real DVC: one writes, the other reads and manages. */
@Tag("interop")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DvcVerbsIT {

    private static final Map<String, String> BASELINE =
            Map.of("params.yaml", "lr: 0.1\n", "train.py", "print(1)\n", ".gitignore", "/ignored.log\n");

    @Test
    void daybook_reads_and_manages_what_dvc_writes(@TempDir Path scratch) throws IOException {
        var project = new Project(scratch, BASELINE);
        Files.writeString(project.folder().resolve("model.bin"), "weights");
        project.dvc("add", "model.bin");
        project.git("add", "model.bin.dvc", ".gitignore");
        project.git("commit", "-q", "-m", "data");
        Files.writeString(project.folder().resolve("params.yaml"), "lr: 0.5\n");
        project.dvc("exp", "save", "--name", "first");
        Files.writeString(project.folder().resolve("params.yaml"), "lr: 0.7\n");
        Files.writeString(project.folder().resolve("model.bin"), "other weights");
        project.dvc("add", "model.bin");
        project.dvc("exp", "save", "--name", "second");

        try (var saved = SavedExperiments.open(project.folder())) {
            assertThat(saved.all()).extracting(ExperimentSummary::name).containsExactly("first", "second");
            var difference = saved.diff("first", "second");
            assertThat(difference.from().params()).isEqualTo(Map.of("lr", 0.5));
            assertThat(difference.to().params()).isEqualTo(Map.of("lr", 0.7));
            assertThat(difference.files()).contains(new FileChange("model.bin.dvc", 'M'));

            saved.apply("first", ApplyOptions.DEFAULT);
            assertThat(Files.readString(project.folder().resolve("params.yaml")))
                    .isEqualTo("lr: 0.5\n");
            assertThat(Files.readString(project.folder().resolve("model.bin"))).isEqualTo("weights");
            assertThat(project.dvc("status")).contains("up to date");

            saved.branch("first", "of-first");
            saved.rename("second", "zweites", false);
            assertThat(project.dvc("exp", "list", "--name-only").lines()).containsExactlyInAnyOrder("first", "zweites");
            saved.remove("zweites");
            assertThat(project.dvc("exp", "list", "--name-only").lines()).containsExactly("first");
            saved.restore("zweites");
            saved.tag("first", "best");
            saved.note("first", "good");
            assertThat(project.dvc("exp", "list", "--name-only", "-A").lines())
                    .containsExactlyInAnyOrder("first", "zweites");
            assertThat(project.dvcJson("exp", "show", "--json", "-A").toString())
                    .contains("zweites");
        }
    }

    @Test
    void metrics_that_dvc_keeps_and_those_of_pipelines_in_folders_are_those_that_dvc_shows(@TempDir Path scratch)
            throws IOException {
        var project = new Project(
                scratch,
                Map.of(
                        "params.yaml",
                        "lr: 0.1\n",
                        "dvc.yaml",
                        """
                        stages:
                          train:
                            cmd: mkdir -p results && cp params.yaml results/p.yaml && cp params.yaml m.yaml
                            params:
                            - lr
                            outs:
                            - results
                            metrics:
                            - m.yaml
                        metrics:
                        - results/p.yaml
                        """,
                        "sub/pipeline/dvc.yaml",
                        """
                        stages:
                          eval:
                            wdir: ../run
                            cmd: cp ../../params.yaml e.yaml
                            deps:
                            - ../../params.yaml
                            metrics:
                            - e.yaml
                        """,
                        "sub/run/readme.md",
                        "here it runs\n"));
        project.dvc("exp", "run", "--quiet", "--all-pipelines", "--set-param", "lr=0.5", "--name", "first");
        project.restore();
        project.git("clean", "--quiet", "--force", "-d", "-x", "--exclude=.dvc");

        try (var saved = SavedExperiments.open(project.folder())) {
            var shown = saved.find("first");
            assertThat(shown.problems()).isEmpty();
            assertThat(shown.metrics()).containsOnlyKeys("lr", "m.yaml:lr", "sub/run/e.yaml:lr");
            assertThat(shown.metrics().values()).containsOnly(0.5);
            var ofDvc = project.dvcJson("exp", "show", "--json").findValues("metrics").stream()
                    .filter(metrics -> metrics.toString().contains("0.5"))
                    .toList();
            assertThat(ofDvc).singleElement().satisfies(metrics -> {
                for (var file : new String[] {"m.yaml", "results/p.yaml", "sub/run/e.yaml"}) {
                    assertThat(metrics.path(file).path("data").path("lr").asDouble())
                            .isEqualTo(0.5);
                }
            });
        }
    }

    @Test
    void dvc_manages_what_daybook_writes_and_daybook_sees_it(@TempDir Path scratch) throws IOException {
        var project = new Project(scratch, BASELINE);
        Files.writeString(project.folder().resolve("data.txt"), "data");
        try (var daybook =
                Daybook.open(project.folder(), DaybookOptions.defaults().withWarnings(warning -> {}))) {
            for (var name : new String[] {"lion", "tiger"}) {
                daybook.run(
                        name,
                        run -> run.setParam("lr", name.length())
                                .addArtifact(Path.of("data.txt"))
                                .logMetric("loss", name.length()));
            }
        }
        Files.delete(project.folder().resolve("data.txt"));
        project.dvc("exp", "rename", "tiger", "cat");
        try (var saved = SavedExperiments.open(project.folder())) {
            assertThat(saved.all()).extracting(ExperimentSummary::name).containsExactly("cat", "lion");
            saved.apply("cat", ApplyOptions.DEFAULT);
            assertThat(Files.readString(project.folder().resolve("data.txt"))).isEqualTo("data");
            assertThat(project.dvc("status")).contains("up to date");
            assertThat(project.dvc("exp", "diff", "cat")).doesNotContain("loss");

            project.dvc("exp", "apply", "lion");
            assertThat(saved.diffWorkTree("lion").from().params()).isEmpty();
            saved.apply("cat", ApplyOptions.DEFAULT);
            assertThat(saved.diffWorkTree("cat").from().metrics()).isEmpty();
            project.dvc("exp", "remove", "lion");
            assertThat(saved.all()).extracting(ExperimentSummary::name).containsExactly("cat");
        }
    }
}
