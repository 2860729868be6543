package dev.daybook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SamplesTest {

    private final Samples samples = new Samples();

    @Test
    void the_median_of_an_odd_number_is_the_one_in_the_middle() {
        add(9, 1, 5);

        assertThat(samples.median("cpu")).isEqualTo(5);
    }

    @Test
    void the_median_of_an_even_number_is_between_the_two_in_the_middle() {
        add(10, 1, 2, 4);

        assertThat(samples.median("cpu")).isEqualTo(3);
    }

    @Test
    void one_that_is_far_off_does_not_move_the_median() {
        add(5, 6, 1_000_000);

        assertThat(samples.median("cpu")).isEqualTo(6);
    }

    @Test
    void the_least_and_the_greatest_show_how_far_the_forks_are_apart() {
        add(3, -1, 8);

        assertThat(samples.least("cpu")).isEqualTo(-1);
        assertThat(samples.greatest("cpu")).isEqualTo(8);
        assertThat(Table.spread(samples, "cpu", 2, 1)).isEqualTo("1.5 (-0.5-4.0)");
    }

    @Test
    void a_figure_that_no_fork_has_measured_is_an_error() {
        add(1);

        assertThatThrownBy(() -> samples.median("disk"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no fork has measured disk, only [cpu]");
    }

    private void add(double... values) {
        for (double value : values) {
            var figures = new Figures();
            figures.put("cpu", value);
            samples.add(figures);
        }
    }
}
