package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.lifecycle.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MetricPlotsTest {

    private static final Code CODE = new Code("a".repeat(40), "b".repeat(40));

    private static Map<String, String> files(FakeSource source, int limit) throws IOException {
        var files = new LinkedHashMap<String, String>();
        try (var plots = MetricPlots.collect(source, limit)) {
            plots.writeTo((path, length, content) -> {
                var bytes = content.readAllBytes();
                assertThat(bytes).hasSize((int) length);
                files.put(path, new String(bytes, StandardCharsets.UTF_8));
            });
        }
        return files;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 1 << 20})
    void interleaved_series_come_out_whole_whatever_fits_into_memory(int limit) throws IOException {
        var source = FakeSource.of("lion", CODE);
        var expected = new LinkedHashMap<String, String>();
        for (var name : List.of("a", "b/c", "d")) {
            var base = name.substring(name.indexOf('/') + 1);
            expected.put("plots/metrics/" + name + ".tsv", "step\t" + base + "\n");
        }
        for (int i = 0; i < 300; i++) {
            var name = List.of("a", "b/c", "d").get(i * i % 3 == 0 ? 0 : 1 + i % 2);
            source.log(name, i, i / 8.0);
            expected.merge("plots/metrics/" + name + ".tsv", i + "\t" + PythonFloat.of(i / 8.0) + "\n", String::concat);
        }

        assertThat(files(source, limit)).isEqualTo(expected);
    }

    @Test
    void values_are_what_python_reads() throws IOException {
        var source = FakeSource.of("lion", CODE)
                .log("m", 0, 0.1)
                .log("m", 1, -0.0)
                .log("m", 2, Double.NaN)
                .log("m", 3, Double.POSITIVE_INFINITY)
                .log("m", Long.MAX_VALUE, Double.NEGATIVE_INFINITY)
                .log("m", -1, Double.MIN_VALUE);

        assertThat(files(source, 1000))
                .containsEntry(
                        "plots/metrics/m.tsv",
                        "step\tm\n0\t0.1\n1\t-0.0\n2\tnan\n3\tinf\n9223372036854775807\t-inf\n-1\t5.0e-324\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "loss loss.tsv loss",
                "train/acc train/acc.tsv acc",
                "a:b a~3ab.tsv a:b",
                "~ ~7e.tsv ~",
                "%#?& ~25~23~3f~26.tsv %#?&",
                "a.tsv a.tsv.tsv a.tsv",
                "a.tsv/b a~2etsv/b.tsv b",
                "a.tsv.tsv/b a.tsv~2etsv/b.tsv b",
                ".git/config ~2egit/config.tsv config",
                "step/rev step/rev.tsv value",
                "a${b} a~24{b}.tsv value",
                "\u00fcn\u00ef \u00fcn\u00ef.tsv \u00fcn\u00ef",
            })
    void any_name_becomes_a_path_and_a_column(String metric, String file, String column) {
        var name = PlotName.of(metric);
        assertThat(name.path()).isEqualTo("plots/metrics/" + file);
        assertThat(name.column()).isEqualTo(column);
    }

    @Test
    void long_names_stay_short_and_different() {
        var paths = new HashSet<String>();
        for (var end : List.of("a", "b", "c")) {
            var path = PlotName.of("?".repeat(199) + end).path();
            assertThat(path.substring(PlotName.FOLDER.length()).length()).isLessThanOrEqualTo(240);
            paths.add(path);
        }
        assertThat(paths).hasSize(3);
    }
}
