package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.lifecycle.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
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
        try (var plots = MetricPlots.collect(source, Plots.Past.NONE, new MetricPlots.Limits(limit, 100_000))) {
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

    @ParameterizedTest
    @ValueSource(strings = {"rev", "a/filename", "field", "a/step", "timestamp", "index"})
    void a_metric_is_not_called_as_dvc_calls_a_column_of_its_own(String metric) throws IOException {
        assertThat(files(FakeSource.of("lion", CODE).log(metric, 0, 0.5), 0))
                .isEqualTo(Map.of("plots/metrics/" + metric + ".tsv", "step\tvalue\n0\t0.5\n"));
    }

    @Test
    void of_a_large_series_the_plot_is_a_sample_and_all_of_it_a_gzip_file() throws IOException {
        var source = FakeSource.of("lion", CODE).log("small", 0, 0.5);
        var expected = new StringBuilder("step\tlarge\n");
        var sample = new SeriesSample();
        for (int step = 0; step < 20_000; step++) {
            double value = step == 7_777 ? Double.NaN : 1.0 / (step % 1_000 + 1);
            source.log("train/large", step, value);
            sample.add(step, value);
            expected.append(step + "\t" + PythonFloat.of(value) + "\n");
        }
        var rows = new StringBuilder("step\tlarge\n");
        sample.forEach((step, value) -> rows.append(step + "\t" + PythonFloat.of(value) + "\n"));

        var first = new LinkedHashMap<String, byte[]>();
        var again = new LinkedHashMap<String, byte[]>();
        for (var series : List.of(first, again)) {
            try (var plots = MetricPlots.collect(source, Plots.Past.NONE, new MetricPlots.Limits(1_000, 10_000))) {
                var files = new LinkedHashMap<String, String>();
                plots.writeTo((path, length, content) ->
                        files.put(path, new String(content.readAllBytes(), StandardCharsets.UTF_8)));
                assertThat(files)
                        .containsExactly(
                                Map.entry("plots/metrics/small.tsv", "step\tsmall\n0\t0.5\n"),
                                Map.entry("plots/metrics/train/large.tsv", rows.toString()));
                plots.writeSeriesTo((path, length, content) -> series.put(path, content.readAllBytes()));
            }
        }

        assertThat(first).containsOnlyKeys("series/train/large.tsv.gz");
        var packed = first.get("series/train/large.tsv.gz");
        try (var whole = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            assertThat(new String(whole.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(expected.toString());
        }
        assertThat(again.get("series/train/large.tsv.gz")).isEqualTo(packed);
        // no time: RFC 1952
        assertThat(Arrays.copyOfRange(packed, 4, 8)).containsOnly(0);
    }

    @Test
    void what_a_checkpoint_has_plotted_comes_first() throws IOException {
        var source = FakeSource.of("lion", CODE).log("m", 7, 0.5);
        Plots.Past past =
                path -> (path.equals("plots/metrics/m.tsv") ? "5\t1.0\n" : "").getBytes(StandardCharsets.UTF_8);
        try (var plots = MetricPlots.collect(source, past)) {
            plots.writeTo((path, length, content) -> assertThat(content).hasContent("step\tm\n5\t1.0\n7\t0.5\n"));
        }
    }

    @Test
    void plots_that_grow_with_an_experiment_are_those_that_are_made_at_once() throws IOException {
        var source = FakeSource.of("lion", CODE);
        var growing = new SamplePlots();
        for (int step = 0; step < 3_000; step++) {
            source.log(step % 3 == 0 ? "a" : "b", step, step * 31 % 17);
            if (step % 700 == 0) {
                growing.advance(source, Plots.Past.NONE);
            }
        }
        growing.advance(source, Plots.Past.NONE);
        var atOnce = new SamplePlots();
        atOnce.advance(source, Plots.Past.NONE);

        assertThat(texts(growing))
                .isEqualTo(texts(atOnce))
                .containsOnlyKeys("plots/metrics/a.tsv", "plots/metrics/b.tsv");
    }

    private static Map<String, String> texts(Plots plots) throws IOException {
        var files = new LinkedHashMap<String, String>();
        plots.writeTo(
                (path, length, content) -> files.put(path, new String(content.readAllBytes(), StandardCharsets.UTF_8)));
        return files;
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
