package dev.daybook.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.ArtifactOptions;
import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.ExperimentBody;
import dev.daybook.SavedExperiment;
import dev.daybook.git.ApplyOptions;
import dev.daybook.git.SavedExperiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Real DVC 3.67.1 on the artifacts that Daybook has added. */
@Tag("interop")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DvcArtifactIT {

    private static final String CLEAN = "Data and pipelines are up to date.";

    private static SavedExperiment save(Project project, String name, ExperimentBody<IOException> body)
            throws IOException {
        var options = DaybookOptions.defaults()
                .withWarnings(warning ->
                        assertThat(warning).containsAnyOf("params.yaml says ", " not in the recorded code; "));
        try (var daybook = Daybook.open(project.folder(), options)) {
            return daybook.run(name, body).orElseThrow();
        }
    }

    /** What is in the files, by path from a folder. */
    private static Map<String, String> contents(Path folder) throws IOException {
        var contents = new HashMap<String, String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }

    /** Files and folders with the oddest names that can be. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Pointers {

        private static final List<String> NAMES = List.of(
                "model.bin",
                "in a folder/it's [1]*!.bin",
                "größe: π #1.bin",
                "😀",
                "\ue000",
                "true",
                "123",
                "- dash",
                "a name of many words that goes on and on, beyond eighty columns, so that it is folded.bin");

        private static final Map<String, String> DATA =
                Map.of("a", "1", "B", "2", "sub/deep/é \"q\"", "3", "😀", "4", "\ue000", "5", "empty", "");

        private Project project;

        @BeforeAll
        void two_experiments_are_saved(@TempDir Path scratch) throws IOException {
            project = new Project(scratch, Map.of("params.yaml", "lr: 0.1\n"));
            save("first", "one");
            save("second", "two");
        }

        private void save(String experiment, String content) throws IOException {
            for (var name : NAMES) {
                project.write(name, content + " " + name);
            }
            for (var each : DATA.entrySet()) {
                project.write("data/" + each.getKey(), each.getValue());
            }
            project.write("data/own", content);
            project.write("run.sh", "#!/bin/sh\n");
            assertThat(project.folder().resolve("run.sh").toFile().setExecutable(true))
                    .isTrue();
            Files.createDirectories(project.folder().resolve("nothing"));
            project.write("none", "");
            DvcArtifactIT.save(project, experiment, run -> {
                for (var name : NAMES) {
                    run.addArtifact(Path.of(name));
                }
                run.addArtifact(Path.of("data")).addArtifact(Path.of("run.sh"));
                run.addArtifact(Path.of("nothing")).addArtifact(Path.of("none"));
            });
            project.restore();
        }

        @Test
        void apply_restores_the_data_of_each_and_dvc_finds_nothing_to_do() throws IOException {
            for (var each : List.of("first one", "second two", "first one")) {
                var words = each.split(" ", -1);
                project.dvc("exp", "apply", words[0]);

                for (var name : NAMES) {
                    assertThat(project.folder().resolve(name)).hasContent(words[1] + " " + name);
                }
                var data = new HashMap<>(DATA);
                data.put("own", words[1]);
                assertThat(contents(project.folder().resolve("data"))).isEqualTo(data);
                assertThat(project.folder().resolve("run.sh")).isExecutable();
                assertThat(project.folder().resolve("nothing")).isEmptyDirectory();
                assertThat(project.dvc("status")).contains(CLEAN);
                assertThat(project.dvcJson("data", "status", "--json", "--granular")
                                .has("uncommitted"))
                        .isFalse();
                var tree = project.workTree();
                project.dvc("commit", "--force");
                assertThat(project.workTree()).as("dvc commit changes nothing").isEqualTo(tree);
                project.dvc("add", "--quiet", "model.bin", "data", "run.sh", "nothing", "none");
                assertThat(project.workTree()).as("dvc add changes nothing").isEqualTo(tree);
            }
            project.restore();
        }

        @Test
        void the_pointers_are_those_of_dvc() throws IOException {
            var files = new Project(Files.createTempDirectory(project.folder().getParent(), "dvc"), Map.of());
            for (var name : NAMES) {
                files.write(name, "one " + name);
                files.dvc("add", "--quiet", "./" + name);
                assertThat(project.git("show", "refs/exps/" + ref("first") + ":" + name + ".dvc"))
                        .as(name)
                        .isEqualTo(Files.readString(files.folder().resolve(name + ".dvc"))
                                .strip());
            }
        }

        private String ref(String name) {
            return project.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/exps/**/" + name);
        }

        @Test
        void diff_shows_no_difference_but_the_data() {
            assertThat(project.dvc("exp", "diff", "first", "second")).isBlank();
            assertThat(project.dvcJson("diff", "--json", "first", "second")
                            .get("modified")
                            .findValuesAsText("path"))
                    .contains("model.bin", "data/own");
        }
    }

    /** Outputs of stages. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Pipelines {

        private Project project;

        @BeforeAll
        void a_pipeline_was_run_and_committed(@TempDir Path scratch) throws IOException {
            var files = new LinkedHashMap<String, String>();
            files.put("params.yaml", "lr: 0.1\nmodel:\n  depth: 3\n");
            files.put("train.sh", "cat params.yaml raw.txt > model.bin\n");
            files.put("raw.txt", "raw\n");
            files.put("dvc.yaml", """
                    stages:
                      train:
                        cmd: sh train.sh
                        deps:
                        - raw.txt
                        - train.sh
                        params:
                        - lr
                        - model.depth
                        outs:
                        - model.bin
                    """);
            project = new Project(scratch, files);
            project.dvc("repro", "--quiet");
            project.git("add", "--all");
            project.git("commit", "--quiet", "--message=run");
        }

        @Test
        void an_output_that_was_added_is_locked_with_the_parameters_of_the_run() throws IOException {
            var saved = save(project, "tuned", run -> {
                run.setParam("lr", 1e-5);
                project.write("model.bin", "trained");
                run.addArtifact(Path.of("model.bin"));
            });

            assertThat(project.git("diff", "--name-only", "HEAD", saved.commit())
                            .lines())
                    .contains("dvc.lock", "params.yaml")
                    .doesNotContain("model.bin.dvc", ".gitignore");
            project.dvc("exp", "apply", "tuned");
            assertThat(project.folder().resolve("model.bin")).hasContent("trained");
            assertThat(project.dvc("status")).contains(CLEAN);
            var tree = project.workTree();
            project.dvc("commit", "--force");
            assertThat(project.workTree()).as("dvc commit changes nothing").isEqualTo(tree);
            project.restore();
            project.dvc("checkout", "--force");
            assertThat(project.dvc("status")).contains(CLEAN);
        }
    }

    /** Stages that depend on folders and data. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Dependencies {

        private Project project;

        @BeforeAll
        void a_pipeline_was_run_and_committed(@TempDir Path scratch) throws IOException {
            var files = new LinkedHashMap<String, String>();
            files.put("params.yaml", "lr: 0.1\n");
            files.put(".dvcignore", "*.log\n/src/skip/\n");
            files.put("src/train.sh", "cat params.yaml > model.bin; mkdir -p report; echo r > report/r.txt\n");
            files.put("src/pkg/größe.py", "one\n");
            files.put("src/run.log", "ignored\n");
            files.put("src/skip/c.py", "skipped\n");
            files.put("mixed/readme.md", "of Git\n");
            files.put("other/dvc.yaml", """
                    stages:
                      prepare:
                        cmd: mkdir -p out && echo o > out/o.txt
                        outs:
                        - out
                    """);
            files.put("dvc.yaml", """
                    stages:
                      train:
                        cmd: sh src/train.sh
                        deps:
                        - data
                        - data/sub
                        - data/sub/b.txt
                        - mixed
                        - other/out
                        - raw.bin
                        - src
                        params:
                        - lr
                        outs:
                        - model.bin
                        - report:
                            cache: false
                    """);
            project = new Project(scratch, files);
            project.write("data/a.txt", "a");
            project.write("data/sub/b.txt", "b");
            project.write("data/sub/c.txt", "c");
            project.write("mixed/deep/big.bin", "big");
            project.write("raw.bin", "raw");
            Files.createSymbolicLink(project.folder().resolve("src/link.sh"), Path.of("train.sh"));
            project.dvc("add", "--quiet", "data", "mixed/deep/big.bin", "raw.bin");
            project.dvc("repro", "--quiet", "--all-pipelines");
            project.git("add", "--all");
            project.git("commit", "--quiet", "--message=run");
        }

        @Test
        void that_have_changed_are_locked_as_dvc_finds_them() throws IOException {
            project.write("src/pkg/größe.py", "two\n");
            project.write("src/run.log", "other\n");
            project.write("mixed/readme.md", "of Git, too\n");
            project.write("mixed/deep/big.bin", "bigger");
            project.write("data/sub/b.txt", "better");
            project.write("raw.bin", "rawer");
            project.dvc("add", "--quiet", "data", "mixed/deep/big.bin", "raw.bin");
            project.write("report/r.txt", "better\n");
            save(project, "tuned", run -> {
                run.setParam("lr", 0.5);
                project.write("model.bin", "trained");
                run.addArtifact(Path.of("model.bin"));
            });
            project.restore();
            project.dvc("checkout", "--force");

            project.dvc("exp", "apply", "tuned");

            assertThat(project.dvc("status")).contains(CLEAN);
            var tree = project.workTree();
            project.dvc("commit", "--force");
            assertThat(project.workTree()).as("dvc commit changes nothing").isEqualTo(tree);
        }
    }

    /** What an experiment can add beside what the user keeps with DVC: pipelines of two folders, folders of Git, pointers that say more. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class BesideDvc {

        private Project project;
        private SavedExperiment saved;

        @BeforeAll
        void an_experiment_has_run_both_pipelines(@TempDir Path scratch) throws IOException {
            project = new Project(
                    scratch,
                    Map.of(
                            "params.yaml",
                            "lr: 0.1\n",
                            "src/a.sh",
                            "mkdir -p data && cp given.txt data\n",
                            "src/lib/b.sh",
                            "echo b\n",
                            "dvc.yaml",
                            """
                            stages:
                              prepare:
                                cmd: sh src/a.sh
                                deps:
                                - given.txt
                                - src
                                outs:
                                - data
                            """,
                            "train/dvc.yaml",
                            """
                            stages:
                              train:
                                wdir: ..
                                cmd: mkdir -p models && cp data/given.txt models/net.bin && echo '{}' > scores.json
                                  && echo 1 > curve.csv
                                deps:
                                - data
                                - labels.txt
                                params:
                                - lr
                                outs:
                                - models/net.bin
                                metrics:
                                - scores.json
                                plots:
                                - curve.csv:
                                    cache: false
                            """));
            project.write("given.txt", "given");
            project.write("labels.txt", "labels");
            project.dvc("add", "--quiet", "given.txt", "labels.txt");
            project.write(
                    "labels.txt.dvc",
                    Files.readString(project.folder().resolve("labels.txt.dvc"))
                            + "  desc: from a friend\nmeta:\n  owner: ada\n");
            project.dvc("repro", "--quiet", "train/dvc.yaml");
            project.git("add", "--all");
            project.git("commit", "--quiet", "--message=run");

            project.write("src/lib/b.sh", "echo changed\n");
            project.write("given.txt", "given anew");
            project.dvc("add", "--quiet", "given.txt");
            saved = save(project, "both", run -> {
                run.setParam("lr", 0.5);
                addAll(run, "early");
                run.makeCheckpoint("early");
                addAll(run, "late");
            });
            project.restore();
        }

        private void addAll(Experiment run, String content) throws IOException {
            for (var path : List.of(
                    "data/given.txt", "models/net.bin", "scores.json", "curve.csv", "labels.txt", "extra/own/x.bin")) {
                project.write(path, content + " " + path);
            }
            for (var path : List.of("data", "models/net.bin", "scores.json", "curve.csv", "labels.txt", "extra/own")) {
                run.addArtifact(Path.of(path));
            }
        }

        @Test
        void dvc_finds_nothing_to_do_after_it_or_daybook_has_applied_it() throws IOException {
            project.dvc("exp", "apply", "both");
            requireNothingToDo("late");
            try (var experiments = SavedExperiments.open(project.folder())) {
                experiments.apply("both@1", ApplyOptions.DEFAULT);
                requireNothingToDo("early");
                experiments.apply("both", ApplyOptions.DEFAULT);
                requireNothingToDo("late");
            }
        }

        private void requireNothingToDo(String content) throws IOException {
            for (var path :
                    List.of("data/given.txt", "models/net.bin", "scores.json", "labels.txt", "extra/own/x.bin")) {
                assertThat(project.folder().resolve(path)).hasContent(content + " " + path);
            }
            assertThat(project.folder().resolve("given.txt")).hasContent("given anew");
            assertThat(project.dvcJson("status", "--json")).isEmpty();
            var status = project.dvcJson("data", "status", "--json", "--granular");
            assertThat(status.has("uncommitted")).as(status.toString()).isFalse();
            assertThat(status.has("not_in_cache")).as(status.toString()).isFalse();
            var tree = project.workTree();
            project.dvc("commit", "--force");
            assertThat(project.git("diff", "--stat", tree, project.workTree()))
                    .as("dvc commit changes nothing")
                    .isEmpty();
        }

        @Test
        void what_the_pointers_say_besides_is_kept() {
            assertThat(project.git("show", saved.commit() + ":labels.txt.dvc"))
                    .contains("desc: from a friend", "owner: ada");
        }
    }

    /** Files that Git has. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Tracked {

        @Test
        void small_ones_stay_in_git_and_large_ones_are_left_to_dvc(@TempDir Path scratch) throws IOException {
            var project =
                    new Project(scratch, Map.of("params.yaml", "lr: 0.1\n", "small.bin", "old", "large.bin", "old"));
            project.write("small.bin", "new");
            project.write("large.bin", "new and large");
            var limit = ArtifactOptions.defaults().withMaxGitBytes(5);
            var saved = save(
                    project,
                    "tracked",
                    run -> run.addArtifact(Path.of("small.bin"), limit).addArtifact(Path.of("large.bin"), limit));
            project.restore();

            project.dvc("exp", "apply", "tracked");

            assertThat(project.folder().resolve("small.bin")).hasContent("new");
            assertThat(project.folder().resolve("large.bin")).hasContent("new and large");
            assertThat(project.git("ls-tree", "--name-only", saved.commit()).lines())
                    .contains("small.bin", "large.bin.dvc", ".gitignore")
                    .doesNotContain("small.bin.dvc", "large.bin");
            assertThat(project.dvc("status")).contains(CLEAN);
        }
    }

    /** Names and types. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Metadata {

        @Test
        void are_read_by_dvc(@TempDir Path scratch) throws IOException {
            var project = new Project(scratch, Map.of("params.yaml", "lr: 0.1\n"));
            project.write("models/net.bin", "x");
            var saved = save(
                    project,
                    "described",
                    run -> run.addArtifact(
                            Path.of("models/net.bin"),
                            ArtifactOptions.defaults()
                                    .withName("my-net")
                                    .withType("model")
                                    .withDescription("of ${lr}: \"the\" weights")
                                    .withLabels("demo", "1.5", "a: b")));
            project.git("tag", "--annotate", "--message=v1", "dvclive=my-net@v1.0.0", saved.commit());
            project.dvc("artifacts", "get", ".", "dvclive:my-net", "--out", "got.bin");

            assertThat(project.folder().resolve("got.bin")).hasContent("x");
        }
    }
}
