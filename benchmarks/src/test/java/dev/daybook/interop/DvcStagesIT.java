package dev.daybook.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.ExperimentBody;
import dev.daybook.SavedExperiment;
import dev.daybook.git.ApplyOptions;
import dev.daybook.git.SavedExperiments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real DVC on experiments that have added outputs of its stages: of stages made from templates, of a part of what a stage makes, of stages
 * that were never run. ADR 15 says what is promised of each.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DvcStagesIT {

    private static final String STAGES = """
            vars:
            - names:
                filled: filled.bin
            stages:
              each:
                foreach: [a, b]
                do:
                  cmd: cp raw.txt each-${item}.bin
                  deps:
                  - raw.txt
                  outs:
                  - each-${item}.bin
              grid:
                matrix:
                  model: [cnn, xgb]
                  fold: [1, 2]
                cmd: cp raw.txt grid-${item.model}-${item.fold}.bin
                params:
                - lr
                outs:
                - grid-${item.model}-${item.fold}.bin
              fill:
                cmd: cp raw.txt ${names.filled}
                params:
                - lr
                outs:
                - ${names.filled}
              part:
                cmd: cp raw.txt one.bin && cp raw.txt two.bin
                params:
                - lr
                outs:
                - one.bin
                - two.bin
            """;

    /** Added when the others have been run. */
    private static final String NEVER_RUN = """
              later:
                foreach:
                  x: {out: later-x}
                  y: {out: later-y}
                do:
                  wdir: below
                  cmd: cp ../raw.txt ${item.out}.bin
                  outs:
                  - ${item.out}.bin
              too:
                cmd: mkdir -p folder && cp raw.txt folder
                outs:
                - ${folder}
            """;

    private Project project;
    private final List<String> warnings = new ArrayList<>();

    @BeforeAll
    void a_pipeline_was_run_and_committed(@TempDir Path scratch) throws IOException {
        project = new Project(
                scratch,
                Map.of(
                        "params.yaml",
                        "lr: 0.1\nfolder: folder\n",
                        "raw.txt",
                        "raw\n",
                        "below/kept.txt",
                        "",
                        "dvc.yaml",
                        STAGES));
        project.dvc("repro", "--quiet");
        project.git("add", "--all");
        project.git("commit", "--quiet", "--message=run");
    }

    @AfterEach
    void restore() {
        project.restore();
    }

    /** Adds files that say which experiment they are of. */
    private SavedExperiment save(String name, Map<String, Object> params, String... paths) throws IOException {
        warnings.clear();
        ExperimentBody<IOException> body = run -> {
            run.setParams(params);
            for (var path : paths) {
                project.write(path, "of " + name);
                run.addArtifact(Path.of(path));
            }
        };
        try (var daybook =
                Daybook.open(project.folder(), DaybookOptions.defaults().withWarnings(warnings::add))) {
            return daybook.run(name, body).orElseThrow();
        } finally {
            project.restore();
        }
    }

    private JsonNode statusOfApplied(String name) {
        project.dvc("exp", "apply", name);
        return project.dvcJson("status", "--json");
    }

    @Test
    void what_a_template_makes_stays_as_it_was_run_and_dvc_says_where_parameters_have_changed() throws IOException {
        save("templates", Map.of("lr", 0.5), "each-a.bin", "grid-cnn-1.bin", "filled.bin");

        assertThat(leftOut())
                .containsExactlyInAnyOrder(
                        "'each-a.bin' of stage 'each@a'",
                        "'grid-cnn-1.bin' of stage 'grid@cnn-1'",
                        "'filled.bin' of stage 'fill'");
        var status = statusOfApplied("templates");
        assertThat(project.folder().resolve("each-a.bin")).hasContent("raw\n");
        assertThat(status.has("each@a")).as(status.toString()).isFalse();
        for (var stage : List.of("grid@cnn-1", "grid@xgb-2", "fill", "part")) {
            assertThat(status.get(stage)).as(stage).isEqualTo(changedRate());
        }
    }

    /** Which artifacts a warning has named that they are not in the commit, and of which stages they are. */
    private List<String> leftOut() {
        var sentence = Pattern.compile(
                "artifact ('.*') is in DVC's cache, but not in the commit: it is an output of (stage '.*'), which"
                        + " is made from a template, and whose dvc.lock is left as it is");
        return warnings.stream()
                .map(sentence::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1) + " of " + found.group(2))
                .toList();
    }

    private JsonNode changedRate() throws IOException {
        return Project.STRICT_JSON.readTree("[{\"changed deps\": {\"params.yaml\": {\"lr\": \"modified\"}}}]");
    }

    @Test
    void of_a_stage_that_was_added_in_part_that_part_is_there_and_dvc_says_that_the_parameter_has_changed()
            throws IOException {
        save("in-part", Map.of("lr", 0.5), "one.bin");

        var status = statusOfApplied("in-part");
        assertThat(project.folder().resolve("one.bin")).hasContent("of in-part");
        assertThat(project.folder().resolve("two.bin")).hasContent("raw\n");
        assertThat(status.get("part")).isEqualTo(changedRate());
        assertThat(project.dvcJson("data", "status", "--json").has("uncommitted"))
                .isFalse();
    }

    @Test
    void a_stage_that_was_added_as_a_whole_is_up_to_date() throws IOException {
        save("as-a-whole", Map.of("lr", 0.5), "one.bin", "two.bin");

        var status = statusOfApplied("as-a-whole");
        assertThat(project.folder().resolve("two.bin")).hasContent("of as-a-whole");
        assertThat(status.has("part")).as(status.toString()).isFalse();
    }

    /** DVC's own apply fails where a stage has never been run. */
    @Test
    void what_a_template_was_never_run_for_is_left_out_so_that_dvc_takes_the_pipeline() throws IOException {
        project.write("dvc.yaml", STAGES + NEVER_RUN);
        project.git("commit", "--quiet", "--all", "--message=more stages");
        try (var saved = SavedExperiments.open(project.folder())) {
            save("never-run", Map.of(), "below/later-x.bin", "folder", "other.bin");

            saved.apply("never-run", ApplyOptions.DEFAULT);

            assertThat(leftOut())
                    .containsExactlyInAnyOrder("'below/later-x.bin' of stage 'later@x'", "'folder' of stage 'too'");
            assertThat(project.folder().resolve("other.bin")).hasContent("of never-run");
            assertThat(project.dvc("repro", "--dry"))
                    .contains("Stage 'each@a' didn't change", "Running stage 'later@x'", "Running stage 'too'");
        } finally {
            project.git("reset", "--quiet", "--hard", "HEAD~1");
        }
    }

    @Test
    void all_of_them_are_shown_without_errors() throws IOException {
        save("shown-1", Map.of("lr", 0.25), "each-b.bin", "one.bin");
        save("shown-2", Map.of(), "filled.bin", "two.bin");

        var shown = project.dvcJson("exp", "show", "--json");

        assertThat(shown.findValues("error")).as(shown.toString()).allMatch(JsonNode::isNull);
        var names = new HashMap<String, JsonNode>();
        shown.at("/1/experiments").forEach(each -> names.put(each.get("name").asText(), each));
        assertThat(names).containsKeys("shown-1", "shown-2");
    }
}
