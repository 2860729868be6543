package dev.daybook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FiguresTest {

    @Test
    void what_a_fork_prints_its_parent_reads() {
        var figures = new Figures();
        figures.put("p99.9", 231.5);
        figures.put("records/s", 6_900_000);
        var printed = new ByteArrayOutputStream();

        figures.print(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(Figures.parse(printed.toString(StandardCharsets.UTF_8).lines())
                        .byName())
                .containsExactlyInAnyOrderEntriesOf(figures.byName());
    }

    @Test
    void what_else_a_fork_prints_is_passed_over() {
        var figures = Figures.parse(Stream.of("[INFO] started", "figure cpu 142.5", ""));

        assertThat(figures.byName()).containsOnlyKeys("cpu");
        assertThat(figures.get("cpu")).isEqualTo(142.5);
    }

    @Test
    void a_line_that_was_cut_off_is_an_error() {
        assertThatThrownBy(() -> Figures.parse(Stream.of("figure cpu")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a name and a number: figure cpu");
    }

    @Test
    void a_figure_that_was_not_measured_is_an_error() {
        assertThatThrownBy(() -> Figures.parse(Stream.of("figure cpu 1")).get("disk"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the fork has not measured disk, only [cpu]");
    }

    @Test
    void a_figure_that_was_measured_twice_is_an_error() {
        assertThatThrownBy(() -> Figures.parse(Stream.of("figure cpu 1", "figure cpu 2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cpu was measured twice");
    }
}
