package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.IllegalTransitionException;
import dev.daybook.SavedExperiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parameter files of all formats through the public API, from {@code init} to what is read of the saved commit. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ParamFilesEndToEndTest {

    private static final String JSON = """
            {
              "model": {"depth": 3, "name": "résnet"},
              "seeds": [1, 2]
            }
            """;
    private static final String TOML = """
            # how to train
            epochs = 10 # enough
            [optimizer]
            name = 'adam'
            """;

    @TempDir
    Path temp;

    private GitRepo repo;
    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"))
                .write("conf/model.json", JSON)
                .write("train/conf.toml", TOML)
                .write("dvc.yaml", """
                        params:
                        - conf/model.json
                        stages:
                          train:
                            wdir: train
                            cmd: python train.py
                            params:
                            - conf.toml:
                              - epochs
                            - ../params.yaml:
                        """)
                .commit("with parameter files");
    }

    private Daybook open() {
        return Daybook.open(repo.top, DaybookOptions.defaults().withWarnings(warnings::add));
    }

    private Map<String, Object> shown(Daybook daybook, String name) {
        return daybook.experiments().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow()
                .params();
    }

    @Test
    void overrides_of_all_formats_are_saved_in_place_and_read_back() {
        SavedExperiment saved;
        try (var daybook = open()) {
            var run = daybook.experiment("all").init();
            assertThat(run.params().asMap())
                    .containsEntry("lr", 0.1)
                    .containsEntry("epochs", 10L)
                    .containsEntry("optimizer.name", "adam")
                    .containsEntry("conf/model.json:model.depth", 3L)
                    .containsEntry("seeds", List.of(1L, 2L));
            run.setParam("lr", 1e-5);
            run.setParam("conf/model.json:model.depth", 4);
            run.setParam("conf/model.json:model.heads", 8);
            run.setParam("epochs", 20);
            run.setParam("optimizer.betas", List.of(0.9, 0.999));
            run.setParam("train/conf.toml:optimizer.decay", 0.0);
            saved = run.save();
            assertThat(shown(daybook, "all"))
                    .containsEntry("lr", 1e-5)
                    .containsEntry("conf/model.json:model.depth", 4L)
                    .containsEntry("model.heads", 8L)
                    .containsEntry("epochs", 20L)
                    .containsEntry("optimizer.decay", 0.0)
                    .containsEntry("optimizer.betas", List.of(0.9, 0.999));
        }

        assertThat(repo.show(saved.commit(), "params.yaml")).isEqualTo(GitRepo.PARAMS.replace("0.1 ", "1.0e-05 "));
        assertThat(repo.show(saved.commit(), "conf/model.json"))
                .isEqualTo(JSON.replace("3", "4").replace("\"résnet\"", "\"résnet\", \"heads\": 8"));
        assertThat(repo.show(saved.commit(), "train/conf.toml")).isEqualTo(TOML.replace("10", "20") + "decay = 0.0\n");
        assertThat(repo.show(saved.commit(), "dvclive/params.yaml")).contains("betas:\n");
        assertThat(repo.show(saved.commit(), "dvclive/dvc.yaml")).contains("../conf/model.json", "../train/conf.toml");
        // the work tree's files have the old values
        assertThat(warnings)
                .hasSize(3)
                .allMatch(warning -> warning.endsWith("the commit holds the experiment's value"));
        repo.assertSound();
    }

    @Test
    void what_a_format_cannot_hold_goes_to_the_folder_s_own_file_with_a_warning() throws IOException {
        try (var daybook = open()) {
            var run = daybook.experiment("none").init();
            run.setParam("train/conf.toml:epochs", null);
            run.setParam("conf/model.json:scale", Double.NaN);
            run.setParam("new/file.json:a.b", 1);
            var saved = run.save();

            assertThat(repo.show(saved.commit(), "train/conf.toml")).isEqualTo(TOML);
            assertThat(repo.show(saved.commit(), "conf/model.json")).isEqualTo(JSON);
            assertThat(repo.show(saved.commit(), "new/file.json"))
                    .isEqualTo("{\n    \"a\": {\n        \"b\": 1\n    }\n}\n");
            assertThat(repo.show(saved.commit(), "dvclive/params.yaml")).isEqualTo("epochs: null\nscale: .nan\n");
            assertThat(repo.show(saved.commit(), "dvclive/daybook.json"))
                    .contains("TOML has no null; leave the key out", "JSON has no nan; keep the parameter");
        }
    }

    @Test
    void what_no_file_can_hold_is_left_out_with_a_warning_and_takes_nothing_with_it() throws IOException {
        var large = Arrays.stream(new double[100_000]).map(zero -> Math.PI).toArray();
        try (var daybook = open()) {
            var run = daybook.experiment("large").init();
            run.setParam("count", 7).setParam("m.weights", large).setParam("m.depth", 2);
            run.setParam("\"".repeat(600), 1);
            var saved = run.save();

            assertThat(repo.show(saved.commit(), "dvclive/params.yaml")).isEqualTo("count: 7\nm:\n  depth: 2\n");
            assertThat(shown(daybook, "large")).containsEntry("count", 7L).containsEntry("m.depth", 2L);
            assertThat(warnings)
                    .satisfiesExactlyInAnyOrder(
                            weights -> assertThat(weights)
                                    .startsWith(
                                            "experiment 'large': the parameter m.weights is not in dvclive/params.yaml"
                                                    + " and stands in the history of daybook.json alone: "),
                            quotes -> assertThat(quotes).startsWith("experiment 'large': the parameter \"\"\""));
        }
    }

    @Test
    void of_too_many_the_largest_are_left_out() throws IOException {
        try (var daybook = open()) {
            var run = daybook.experiment("many").init();
            for (int i = 0; i < 30; i++) {
                run.setParam("text" + i, "y".repeat(40_000 + i));
            }
            run.setParam("count", 7);
            var saved = run.save();

            assertThat(shown(daybook, "many"))
                    .containsEntry("count", 7L)
                    .containsKeys("text0", "text25")
                    .doesNotContainKey("text26");
            assertThat(repo.show(saved.commit(), "dvclive/params.yaml"))
                    .startsWith("text0: ")
                    .endsWith("count: 7\n");
            assertThat(warnings).hasSize(4);
        }
    }

    @Test
    void files_that_cannot_be_read_are_named_at_init_and_stop_nothing() {
        repo.write("dvc.yaml", "params: [a.json, b.toml, params.py, gone.yaml, 'x-${v}.yaml', ../up.yaml, a.json]\n")
                .write("a.json", "{\"a\": NaN}")
                .write("b.toml", "a = 1\na = 2\n")
                .write("params.py", "lr = 1\n")
                .commit("broken");
        try (var daybook = open()) {
            var run = daybook.experiment("broken").init();
            assertThat(run.params().asMap()).containsOnlyKeys("lr", "model.depth", "model.name", "seed");
            run.save();
        }
        assertThat(warnings)
                .filteredOn(warning -> warning.startsWith("the parameters of "))
                .satisfiesExactly(
                        json -> assertThat(json)
                                .startsWith("the parameters of a.json are not recorded because it cannot be read: "
                                        + "a.json, line 1: the value NaN is no JSON"),
                        toml -> assertThat(toml)
                                .startsWith("the parameters of b.toml are not recorded because it cannot be read: "
                                        + "b.toml, line 2: this is not valid TOML ("),
                        python -> assertThat(python)
                                .startsWith("the parameters of params.py are not recorded because it cannot be read: "
                                        + "params.py: a Python file is a program and cannot be edited safely"),
                        gone -> assertThat(gone)
                                .isEqualTo("the parameters of gone.yaml are not recorded because dvc.yaml lists it and "
                                        + "the code does not hold it"),
                        template -> assertThat(template)
                                .isEqualTo(
                                        "the parameters of x-${v}.yaml are not recorded because only DVC knows which "
                                                + "file that is; list it by its name under params in dvc.yaml"),
                        up -> assertThat(up)
                                .isEqualTo(
                                        "the parameters of ../up.yaml are not recorded because dvc.yaml lists it and "
                                                + "the code does not hold it"));
    }

    @Test
    void a_working_file_is_edited_for_the_training_code_and_recorded() throws IOException {
        SavedExperiment saved;
        try (var daybook = open()) {
            var run = daybook.experiment("working").init();
            run.paramsFile("conf/model.json").set("model.depth", 5).setAll(Map.of("model", Map.of("name", "vit")));
            run.paramsFile("train/conf.toml").set("optimizer.lr", 1e-4);
            run.paramsFile("params.yaml").set("seed", 7);

            assertThat(Files.readString(repo.top.resolve("conf/model.json")))
                    .isEqualTo(JSON.replace("3", "5").replace("résnet", "vit"));
            assertThat(Files.readString(repo.top.resolve("train/conf.toml"))).isEqualTo(TOML + "lr = 0.0001\n");
            assertThat(Files.readString(repo.top.resolve("params.yaml"))).isEqualTo(GitRepo.PARAMS.replace("42", "7"));
            assertThat(run.params().get("conf/model.json:model.depth")).contains(5L);
            assertThat(run.params().origin("seed").orElseThrow()).hasToString("set, for params.yaml");
            saved = run.save();
            assertThat(shown(daybook, "working"))
                    .containsEntry("conf/model.json:model.depth", 5L)
                    .containsEntry("optimizer.lr", 1e-4)
                    .containsEntry("seed", 7L);
            assertThatThrownBy(() -> run.paramsFile("params.yaml").set("seed", 8))
                    .isInstanceOf(IllegalTransitionException.class)
                    .hasMessage("cannot setParams: experiment 'working' is PERSISTED");
        }
        for (var file : List.of("conf/model.json", "train/conf.toml", "params.yaml")) {
            assertThat(repo.show(saved.commit(), file)).isEqualTo(Files.readString(repo.top.resolve(file)));
        }
        assertThat(warnings).isEmpty();
        assertThat(repo.git("status", "--porcelain", "--untracked-files=all"))
                .isEqualTo(" M conf/model.json\n M params.yaml\n M train/conf.toml");
        repo.assertSound();
    }

    @Test
    void an_element_of_a_list_is_set_in_the_file_that_has_it() throws IOException {
        var params = GitRepo.PARAMS + "layers: [64, 32] # widths\n";
        repo.write("params.yaml", params)
                .write("unlisted.toml", "rates = [0.1, 0.2]\n")
                .commit("lists");
        try (var daybook = open()) {
            var run = daybook.experiment("lists").init();
            assertThat(run.params().get("layers.1")).contains(32L);
            run.setParam("layers.0", 128);
            run.setParam("unlisted.toml:rates.1", 0.5);
            run.paramsFile("conf/model.json").set("seeds.1", 3);
            assertThat(run.params().asMap())
                    .containsEntry("layers", List.of(128L, 32L))
                    .containsEntry("seeds", List.of(1L, 3L));
            assertThat(run.params().get("layers.0")).contains(128L);
            assertThat(run.params().origin("layers.1").orElseThrow()).hasToString("set, for params.yaml");
            assertThat(run.params().contains("layers.2")).isFalse();
            var saved = run.save();

            assertThat(shown(daybook, "lists")).containsEntry("layers", List.of(128L, 32L));
            assertThat(repo.show(saved.commit(), "params.yaml")).isEqualTo(params.replace("64", "128"));
            assertThat(repo.show(saved.commit(), "unlisted.toml")).isEqualTo("rates = [0.1, 0.5]\n");
            assertThat(repo.show(saved.commit(), "conf/model.json")).isEqualTo(JSON.replace("2]", "3]"));
            assertThat(repo.files(saved.commit())).doesNotContain("dvclive/params.yaml");
        }
        assertThat(Files.readString(repo.top.resolve("conf/model.json"))).isEqualTo(JSON.replace("2]", "3]"));
    }
}
