package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.git.dvc.FakeSource;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.ParamValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes that prototypes/reference-experiment commits for brave-lion, as far as they do not need artifacts and images. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReferenceLayoutTest {

    @TempDir
    Path temp;

    private GitRepo repo;

    @BeforeEach
    void make_the_baseline() {
        repo = GitRepo.reference(temp.resolve("repo"));
    }

    static FakeSource braveLion(Code code) {
        return FakeSource.of("brave-lion", code)
                .param("params.yaml:lr", ParamValue.of(0.01))
                .param("params.yaml:model.depth", ParamValue.of(4))
                .param("dvclive/params.yaml:optimizer.name", ParamValue.of("adam"))
                .param("dvclive/params.yaml:optimizer.beta1", ParamValue.of(0.9))
                .param("dvclive/params.yaml:layers", ParamValue.of(List.of(ParamValue.of(1), ParamValue.of(2))))
                .param("dvclive/params.yaml:tag", ParamValue.ofNull())
                .log("loss", 0, 2.9)
                .log("train/acc", 0, 0.1)
                .log("loss", 1, 1.8)
                .log("grad", 0, 0.5)
                .log("train/acc", 1, 0.2)
                .log("grad", 1, Double.NaN)
                .log("m", 0, 1)
                .log("m/x", 0, 2)
                .log("top:1 ok", 0, 3)
                .log("loss", 2, 1.7)
                .log("train/acc", 2, 0.3)
                .log("grad", 2, Double.NaN)
                .log("loss", 3, 0.5)
                .log("train/acc", 3, 0.7)
                .complete();
    }

    private String save(FakeSource source) {
        try (var projection = repo.open()) {
            return projection.prepare(source, "brave-lion", Optional.empty()).commit();
        }
    }

    @Test
    void every_file_is_as_in_the_reference() {
        var commit = save(braveLion(repo.code()));

        assertThat(repo.show(commit, "params.yaml")).isEqualTo("""
                        # training parameters
                        lr: 0.01          # learning rate
                        model:
                          depth: 4       # layers
                          name: "resnet" # quoted on purpose
                        seed: 42
                        """);
        assertThat(repo.show(commit, "dvclive/params.yaml")).isEqualTo("""
                        optimizer:
                          name: adam
                          beta1: 0.9
                        layers:
                        - 1
                        - 2
                        tag: null
                        """);
        assertThat(repo.show(commit, "dvclive/metrics.json")).isEqualTo("""
                        {
                            "loss": 0.5,
                            "train": {
                                "acc": 0.7
                            },
                            "grad": null,
                            "m": 1.0,
                            "m/x": 2.0,
                            "top:1 ok": 3.0,
                            "step": 3
                        }
                        """);
        assertThat(repo.show(commit, "dvclive/dvc.yaml")).isEqualTo("""
                        params:
                        - params.yaml
                        metrics:
                        - metrics.json
                        plots:
                        - plots/metrics/loss.tsv:
                            x: step
                        - plots/metrics/train/acc.tsv:
                            x: step
                        - plots/metrics/grad.tsv:
                            x: step
                        - plots/metrics/m.tsv:
                            x: step
                        - plots/metrics/m/x.tsv:
                            x: step
                        - plots/metrics/top~3a1 ok.tsv:
                            x: step
                            y: top:1 ok
                            title: top:1 ok
                        """);
        assertThat(repo.show(commit, "dvclive/plots/metrics/loss.tsv"))
                .isEqualTo("step\tloss\n0\t2.9\n1\t1.8\n2\t1.7\n3\t0.5\n");
        assertThat(repo.show(commit, "dvclive/plots/metrics/train/acc.tsv"))
                .isEqualTo("step\tacc\n0\t0.1\n1\t0.2\n2\t0.3\n3\t0.7\n");
        assertThat(repo.show(commit, "dvclive/plots/metrics/grad.tsv"))
                .isEqualTo("step\tgrad\n0\t0.5\n1\tnan\n2\tnan\n");
        assertThat(repo.show(commit, "dvclive/plots/metrics/m/x.tsv")).isEqualTo("step\tx\n0\t2.0\n");
        assertThat(repo.show(commit, "dvclive/plots/metrics/top~3a1 ok.tsv")).isEqualTo("step\ttop:1 ok\n0\t3.0\n");
    }

    @Test
    void nothing_else_is_in_the_commit() {
        var commit = save(braveLion(repo.code()));

        assertThat(repo.git("diff", "--name-only", repo.head(), commit).lines())
                .containsExactly(
                        "dvclive/daybook.json",
                        "dvclive/dvc.yaml",
                        "dvclive/metrics.json",
                        "dvclive/params.yaml",
                        "dvclive/plots/metrics/grad.tsv",
                        "dvclive/plots/metrics/loss.tsv",
                        "dvclive/plots/metrics/m.tsv",
                        "dvclive/plots/metrics/m/x.tsv",
                        "dvclive/plots/metrics/top~3a1 ok.tsv",
                        "dvclive/plots/metrics/train/acc.tsv",
                        "params.yaml");
        repo.assertSound();
    }

    @Test
    void the_commit_says_who_when_and_what() {
        var source = braveLion(repo.code());
        var completed = source.entries().get(source.entries().size() - 1).time().getEpochSecond();
        var commit = save(source);
        var raw = repo.git("cat-file", "commit", commit);

        var person = " Daybook <daybook@example.com> " + completed + " +0000\n";
        assertThat(raw + "\n")
                .isEqualTo("tree " + repo.git("rev-parse", commit + "^{tree}") + "\nparent " + repo.head() + "\nauthor"
                        + person + "committer" + person + "\ndaybook: brave-lion\n");
    }

    @Test
    void the_same_source_gives_the_same_commit_everywhere() {
        var first = save(braveLion(repo.code()));
        var locale = Locale.getDefault();
        var zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
            assertThat(save(braveLion(repo.code()))).isEqualTo(first);
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertThat(save(braveLion(repo.code()))).isEqualTo(first);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
        repo.git("checkout", "-q", "--detach");
        assertThat(save(braveLion(repo.code()))).isEqualTo(first);
    }
}
