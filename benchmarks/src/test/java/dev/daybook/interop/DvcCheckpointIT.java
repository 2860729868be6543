package dev.daybook.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Checkpoint;
import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.PlotOptions;
import dev.daybook.SavedExperiment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Real DVC on an experiment with a hundred checkpoints, one that begins with one of them, custom plots and a large series. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DvcCheckpointIT {

    private record Point(double fpr, double tpr) {}

    private Project project;
    private List<Checkpoint> checkpoints;
    private SavedExperiment lion;
    private SavedExperiment second;

    @BeforeAll
    void are_saved(@TempDir Path scratch) {
        project = new Project(scratch, Map.of("params.yaml", "lr: 0.1\n"));
        try (var daybook =
                Daybook.open(project.folder(), DaybookOptions.defaults().withWarnings(warning -> {}))) {
            var run = daybook.experiment("lion").init();
            run.setParam("lr", 0.25);
            for (int step = 0; step < 100; step++) {
                run.logMetric("loss", step, 1.0 / (step + 1));
                run.makeCheckpoint("step " + step);
            }
            var large = run.metric("large");
            for (int step = 0; step < 100_001; step++) {
                large.log(step, step);
            }
            run.logPlot(
                    "roc",
                    List.of(new Point(0, 0.25), new Point(1, 0.75)),
                    PlotOptions.of("fpr", "tpr").withTitle("ROC"));
            checkpoints = run.checkpoints();
            lion = run.save();
            var other = daybook.resumeFrom("lion", 50);
            other.logMetric("loss", 0.125);
            second = other.save();
        }
    }

    @Test
    void dvc_shows_one_row_and_one_revision_for_each_experiment() {
        var experiments = project.dvcJson("exp", "show", "--json").at("/1/experiments");

        var revs = new ArrayList<String>();
        for (var experiment : experiments) {
            assertThat(experiment.get("revs")).hasSize(1);
            revs.add(experiment.at("/revs/0/rev").asText());
        }
        assertThat(revs).containsExactlyInAnyOrder(lion.commit(), second.commit());
    }

    @Test
    void a_checkpoint_is_applied_and_compared_by_its_commit() {
        var checkpoint = checkpoints.get(9);

        project.dvc("exp", "apply", checkpoint.commit());
        var applied = project.workTree();
        project.restore();

        assertThat(applied).isEqualTo(project.git("rev-parse", checkpoint.commit() + "^{tree}"));
        assertThat(project.dvcJson("metrics", "diff", "--json", checkpoint.commit(), "lion")
                        .at("/dvclive~1metrics.json/loss/old")
                        .asDouble())
                .isEqualTo(0.1);
    }

    @Test
    void what_begins_with_a_checkpoint_has_it_in_its_history_and_plots_all_points() {
        assertThat(project.git("rev-parse", second.commit() + "^2"))
                .isEqualTo(checkpoints.get(49).commit());
        assertThat(project.git("show", second.commit() + ":params.yaml")).isEqualTo("lr: 0.25");

        var plots = Plots.of(project.dvcJson("plots", "diff", "--json", "lion", second.name()));

        assertThat(plots.points("loss", "lion")).hasSize(100);
        assertThat(plots.points("loss", second.name())).hasSize(51).endsWith("50 0.125");
    }

    @Test
    void custom_plots_are_drawn_by_their_template() {
        project.dvc("exp", "apply", "lion");
        var shown = project.dvcJson("plots", "show", "--json");
        restore();

        var roc = Plots.named(shown, "ROC");
        assertThat(roc.at("/data/values")).hasSize(2);
        assertThat(roc.at("/data/values/1/fpr").asDouble()).isEqualTo(1);
        assertThat(roc.at("/data/values/1/tpr").asDouble()).isEqualTo(0.75);
    }

    /** Data that an untracked .gitignore has hidden from git are left over by the first time. */
    private void restore() {
        project.restore();
        project.restore();
    }

    @Test
    void the_whole_series_comes_back_with_apply_and_dvc_finds_nothing_to_do() throws Exception {
        project.dvc("exp", "apply", "lion");
        var series = project.folder().resolve("dvclive/series/large.tsv.gz");
        var isThere = Files.exists(series);
        var status = project.dvcJson("data", "status", "--json");
        restore();

        assertThat(isThere).isTrue();
        assertThat(status.at("/committed/added").toString()).contains("dvclive/series/large.tsv.gz");
        assertThat(status.has("uncommitted")).isFalse();
        assertThat(status.has("not_in_cache")).isFalse();
    }
}
