package dev.daybook.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.SavedExperiment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real DVC 3.67.1 on what Daybook has written through its public face. DVC takes seconds for each command, so the tests of a group share a
 * repository and leave it as it was, but for experiments that no other test looks at.
 */
@Tag("interop")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DvcInteropIT {

    private static final String PARAMS = """
            # training parameters
            lr: 0.1          # learning rate
            model:
              depth: 3       # layers
              name: "resnet" # quoted on purpose
            seed: 42
            """;

    private static final Map<String, String> BASELINE =
            Map.of("params.yaml", PARAMS, "train.py", "print(\"train\")\n", ".gitignore", "/ignored.log\n");

    /** A second later at each look, so that DVC, which sorts by seconds, has an order. */
    private static DaybookOptions ticking() {
        var seconds = new AtomicLong(1_795_000_100);
        InstantSource clock = () -> Instant.ofEpochSecond(seconds.getAndIncrement());
        return DaybookOptions.defaults().withClock(clock).withWarnings(warning -> {});
    }

    /** The experiments of {@code shared/prototypes/reference-experiment}, whose every byte was checked against DVC by hand. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class ReferenceExperiments {

        private Project project;
        private SavedExperiment lion;
        private SavedExperiment fox;

        @BeforeAll
        void are_saved(@TempDir Path scratch) {
            project = new Project(scratch, BASELINE);
            try (var daybook = Daybook.open(project.folder(), ticking())) {
                lion = save(daybook, "brave-lion", 0.01, 4, "adam", 0.5, 0.7);
                fox = save(daybook, "quiet-fox", 0.02, 5, "sgd", 0.4, 0.8);
            }
        }

        private SavedExperiment save(
                Daybook daybook, String name, double lr, int depth, String optimizer, double loss, double accuracy) {
            return daybook.run(name, run -> {
                        run.setParam("lr", lr);
                        run.setParam("model.depth", depth);
                        run.setParam("optimizer", ordered("name", optimizer, "beta1", 0.9));
                        run.setParam("layers", List.of(1, 2));
                        run.setParam("tag", null);
                        run.logMetric("loss", 0, 2.9);
                        run.logMetric("train/acc", 0, 0.1);
                        run.logMetric("grad", 0, 0.5);
                        run.logMetric("m", 0, 1.0);
                        run.logMetric("m/x", 0, 2.0);
                        run.logMetric("top:1 ok", 0, 3.0);
                        run.makeCheckpoint("after the first step");
                        run.logMetric("loss", 1, 1.8);
                        run.logMetric("grad", 1, Double.NaN);
                        run.logMetric("loss", 3, loss);
                        run.logMetric("train/acc", 3, accuracy);
                    })
                    .orElseThrow();
        }

        @Test
        void are_listed() {
            assertThat(project.dvc("exp", "list", "--name-only").lines())
                    .containsExactlyInAnyOrder("brave-lion", "quiet-fox");
        }

        @Test
        void are_shown_as_the_golden_file_says() throws IOException {
            var shown = project.dvcJson("exp", "show", "--json");

            assertThat(pretty(normalized(shown))).isEqualTo(pretty(normalized(golden())));
        }

        /** Without ids and times, and without data references, which another step adds. */
        private JsonNode normalized(JsonNode shown) {
            shown.findParents("outs").forEach(parent -> ((ObjectNode) parent).remove("outs"));
            shown.findParents("timestamp").forEach(parent -> {
                if (!parent.get("timestamp").isNull()) {
                    ((ObjectNode) parent).put("timestamp", "<TIME>");
                }
            });
            var names =
                    Map.of(lion.baseline(), "<BASELINE>", lion.commit(), "<brave-lion>", fox.commit(), "<quiet-fox>");
            shown.findParents("rev").forEach(parent -> {
                var rev = parent.get("rev").asText();
                ((ObjectNode) parent).put("rev", names.getOrDefault(rev, rev));
            });
            return shown;
        }

        private JsonNode golden() throws IOException {
            try (var file = DvcInteropIT.class.getResourceAsStream("exp-show.golden.json")) {
                return Project.STRICT_JSON.readTree(file);
            }
        }

        private String pretty(JsonNode json) throws IOException {
            return Project.STRICT_JSON
                    .writer()
                    .with(SerializationFeature.INDENT_OUTPUT)
                    .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .writeValueAsString(Project.STRICT_JSON.treeToValue(json, Object.class));
        }

        @Test
        void differ_in_what_was_set_and_measured() {
            var params = json("""
                    {"params.yaml": {"lr": {"old": 0.01, "new": 0.02, "diff": 0.01},
                                     "model.depth": {"old": 4, "new": 5, "diff": 1}},
                     "dvclive/params.yaml": {"optimizer.name": {"old": "adam", "new": "sgd"}}}""");
            var metrics = json("""
                    {"dvclive/metrics.json": {"loss": {"old": 0.5, "new": 0.4, "diff": -0.09999999999999998},
                                              "train.acc": {"old": 0.7, "new": 0.8, "diff": 0.10000000000000009}}}""");

            assertThat(project.dvcJson("params", "diff", "--json", "brave-lion", "quiet-fox"))
                    .isEqualTo(params);
            assertThat(project.dvcJson("metrics", "diff", "--json", "brave-lion", "quiet-fox"))
                    .isEqualTo(metrics);
            assertThat(project.dvcJson("exp", "diff", "--json", "brave-lion", "quiet-fox"))
                    .isEqualTo(json("{\"params\": " + params + ", \"metrics\": " + metrics + "}"));
        }

        @Test
        void are_plotted_side_by_side() {
            var plots = Plots.of(project.dvcJson("plots", "diff", "--json", "brave-lion", "quiet-fox"));

            assertThat(plots.points("loss", "brave-lion")).containsExactly("0 2.9", "1 1.8", "3 0.5");
            assertThat(plots.points("loss", "quiet-fox")).containsExactly("0 2.9", "1 1.8", "3 0.4");
            assertThat(plots.points("train/acc", "brave-lion")).containsExactly("0 0.1", "3 0.7");
            assertThat(plots.points("grad", "quiet-fox")).containsExactly("0 0.5", "1 nan");
            assertThat(plots.points("m", "quiet-fox")).containsExactly("0 1.0");
            assertThat(plots.points("m/x", "quiet-fox")).containsExactly("0 2.0");
            assertThat(plots.points("top:1 ok", "quiet-fox")).containsExactly("0 3.0");
            assertThat(plots.metrics()).containsExactlyInAnyOrder("loss", "train/acc", "grad", "m", "m/x", "top:1 ok");
        }

        @Test
        void are_sound_objects_of_git() {
            assertThat(project.git("fsck", "--strict", "--full", "--no-progress"))
                    .isEmpty();
        }

        @Test
        void have_the_baseline_and_the_last_checkpoint_as_parents() {
            assertThat(project.git("log", "-1", "--format=%P", lion.ref()).split(" "))
                    .hasSize(2)
                    .startsWith(lion.baseline());
        }

        @Test
        void leave_the_work_tree_and_the_branch_alone() {
            assertThat(project.git("status", "--porcelain")).isEmpty();
            assertThat(project.git("rev-parse", "main")).isEqualTo(lion.baseline());
        }
    }

    /** Each test takes an experiment of its own. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Verbs {

        private Project project;

        @BeforeAll
        void a_project_has_metrics_of_its_own(@TempDir Path scratch) {
            var files = new HashMap<>(BASELINE);
            files.put("dvc.yaml", "metrics:\n- scores.json\n");
            files.put("scores.json", "{\"accuracy\": 0.25}\n");
            project = new Project(scratch, files);
        }

        private SavedExperiment save(String name) {
            try (var daybook = Daybook.open(project.folder(), ticking())) {
                return daybook.run(name, run -> {
                            run.setParam("lr", 0.5);
                            run.logMetric("loss", 0, 0.75);
                        })
                        .orElseThrow();
            }
        }

        private List<String> names() {
            return list().stream().map(ExperimentSummary::name).toList();
        }

        private List<ExperimentSummary> list() {
            try (var daybook = Daybook.open(project.folder(), ticking())) {
                return daybook.experiments();
            }
        }

        @Test
        void apply_makes_the_work_tree_that_of_the_experiment() {
            var saved = save("to-apply");

            project.dvc("exp", "apply", "to-apply");
            var applied = project.workTree();
            project.restore();

            assertThat(applied).isEqualTo(project.git("rev-parse", saved.commit() + "^{tree}"));
            assertThat(project.git("status", "--porcelain")).isEmpty();
        }

        @Test
        void branch_makes_a_branch_of_the_commit() {
            var saved = save("to-branch");

            project.dvc("exp", "branch", "to-branch", "promoted");

            assertThat(project.git("rev-parse", "promoted")).isEqualTo(saved.commit());
            assertThat(project.git("show", "promoted:params.yaml")).startsWith("# training parameters\nlr: 0.5 ");
        }

        @Test
        void rename_is_followed_by_daybook() {
            var saved = save("to-rename");

            project.dvc("exp", "rename", "to-rename", "renamed");

            assertThat(names()).contains("renamed").doesNotContain("to-rename");
            assertThat(project.git("rev-parse", saved.ref().replace("to-rename", "renamed")))
                    .isEqualTo(saved.commit());
        }

        @Test
        void remove_is_followed_by_daybook_and_frees_the_name() {
            var saved = save("to-remove");

            project.dvc("exp", "remove", "to-remove");

            assertThat(names()).doesNotContain("to-remove");
            assertThat(project.git("for-each-ref", saved.ref())).isEmpty();
            assertThat(save("to-remove").ref()).isEqualTo(saved.ref());
        }

        @Test
        void what_dvc_saves_is_listed_by_daybook() throws IOException {
            project.write("params.yaml", PARAMS.replace("lr: 0.1", "lr: 0.7"));
            project.write("scores.json", "{\"accuracy\": 0.875}\n");
            project.dvc("exp", "save", "--name", "by-dvc");
            project.restore();

            assertThat(list())
                    .filteredOn(experiment -> experiment.name().equals("by-dvc"))
                    .singleElement()
                    .satisfies(experiment -> {
                        assertThat(experiment.status()).isEqualTo(Status.PERSISTED);
                        assertThat(experiment.problems()).isEmpty();
                        assertThat(experiment.params())
                                .containsEntry("lr", 0.7)
                                .containsEntry("model.depth", 3L)
                                .containsEntry("model.name", "resnet");
                        assertThat(experiment.metrics()).containsEntry("accuracy", 0.875);
                    });
        }
    }

    /** Names that mean something to JSON, YAML, URLs, file systems, Vega-Lite or DVC. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class HostileNames {

        private static final List<String> METRICS = List.of(
                "with space",
                "it's \"quoted\"",
                "größe/π",
                "日本",
                "😀",
                "100%",
                "#1",
                "a:b",
                "a: b",
                "- c",
                "k=v&w?",
                "[x]",
                "{y}",
                "${env}",
                "a.tsv/b",
                ".hidden",
                "true",
                "1.5",
                "null",
                "rev",
                "x/rev",
                "filename",
                "timestamp");

        private Project project;

        @BeforeAll
        void are_logged(@TempDir Path scratch) {
            project = new Project(scratch, BASELINE);
            try (var daybook = Daybook.open(project.folder(), ticking())) {
                daybook.run("hostile", run -> {
                    for (int i = 0; i < METRICS.size(); i++) {
                        run.logMetric(METRICS.get(i), 0, i + 0.25);
                        run.logMetric(METRICS.get(i), 1, i + 0.5);
                    }
                });
            }
        }

        @Test
        void are_shown_with_their_values() {
            var shown = project.dvcJson("exp", "show", "--json");

            var data = shown.at("/1/experiments/0/revs/0/data/metrics/dvclive~1metrics.json/data");
            assertThat(leaves(data)).containsAllEntriesOf(lastValues()).hasSize(METRICS.size() + 1);
        }

        private Map<String, Double> lastValues() {
            var values = new HashMap<String, Double>();
            for (int i = 0; i < METRICS.size(); i++) {
                values.put(METRICS.get(i), i + 0.5);
            }
            return values;
        }

        private Map<String, Double> leaves(JsonNode object) {
            var leaves = new HashMap<String, Double>();
            object.fields().forEachRemaining(field -> {
                if (field.getValue().isObject()) {
                    leaves(field.getValue()).forEach((name, value) -> leaves.put(field.getKey() + "/" + name, value));
                } else {
                    leaves.put(field.getKey(), field.getValue().asDouble());
                }
            });
            return leaves;
        }

        @Test
        void do_not_break_the_table() {
            assertThat(project.dvc("exp", "show", "--csv")).contains("hostile,").contains(",22.5,");
        }

        @Test
        void are_plotted_with_their_values() {
            var plots = Plots.of(project.dvcJson("plots", "diff", "--json", "HEAD", "hostile"));

            assertThat(plots.metrics()).containsExactlyInAnyOrderElementsOf(METRICS);
            for (int i = 0; i < METRICS.size(); i++) {
                assertThat(plots.points(METRICS.get(i), "hostile"))
                        .as(METRICS.get(i))
                        .containsExactly("0 " + (i + 0.25), "1 " + (i + 0.5));
            }
        }
    }

    /** All formats, listed on the top level of {@code dvc.yaml} and in a stage; that the pipeline is out of date is nobody's concern here. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class ParameterFiles {

        private Project project;

        @BeforeAll
        void are_edited(@TempDir Path scratch) {
            project = new Project(
                    scratch,
                    Map.of(
                            "params.yaml",
                            PARAMS,
                            "conf.json",
                            "{\"model\": {\"depth\": 3}}\n",
                            "train/conf.toml",
                            "epochs = 10 # enough\n[optimizer]\nname = 'adam'\n",
                            "dvc.yaml",
                            """
                            params: [conf.json, train/conf.toml]
                            stages: {train: {wdir: train, cmd: 'true', params: [conf.toml: [epochs]]}}
                            """));
            try (var daybook = Daybook.open(project.folder(), ticking())) {
                daybook.run("all", run -> {
                    run.setParam("lr", 1e-5);
                    run.setParam("conf.json:model.depth", 4);
                    run.setParam("conf.json:model.name", "ré");
                    run.setParam("epochs", 20L);
                    run.setParam("train/conf.toml:optimizer.decay", Double.POSITIVE_INFINITY);
                    run.setParam("optimizer.name", "sgd");
                });
            }
        }

        @Test
        void differ_for_dvc_in_what_was_set() {
            assertThat(project.dvc("params", "diff", "--json", "HEAD", "all").replace("Infinity", "\"inf\""))
                    .satisfies(text -> assertThat(json(text)).isEqualTo(json("""
                            {"params.yaml": {"lr": {"old": 0.1, "new": 1e-05, "diff": -0.09999000000000001}},
                             "conf.json": {"model.depth": {"old": 3, "new": 4, "diff": 1},
                                           "model.name": {"old": null, "new": "ré"}},
                             "train/conf.toml": {"epochs": {"old": 10, "new": 20, "diff": 10},
                                                 "optimizer.decay": {"old": null, "new": "inf"},
                                                 "optimizer.name": {"old": "adam", "new": "sgd"}}}""")));
        }
    }

    private static Map<String, Object> ordered(String key1, Object value1, String key2, Object value2) {
        var map = new LinkedHashMap<String, Object>();
        map.put(key1, value1);
        map.put(key2, value2);
        return map;
    }

    private static JsonNode json(String text) {
        try {
            return Project.STRICT_JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
