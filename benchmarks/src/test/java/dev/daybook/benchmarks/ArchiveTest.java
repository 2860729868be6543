package dev.daybook.benchmarks;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ArchiveTest {

    // Of eight records, metric 1 has those with the numbers 1 and 5.
    private static final MetricFold RIGHT = new MetricFold(2, 5, 2.5, 0.5, 2.5, 1.5);

    @Test
    void the_sums_of_what_was_written_are_right() {
        assertThatCode(() -> Archive.check(1, 8, RIGHT)).doesNotThrowAnyException();
    }

    @Test
    void a_record_that_is_missing_is_an_error() {
        assertThatThrownBy(() -> Archive.check(1, 8, new MetricFold(1, 5, 2.5, 0.5, 2.5, 1.5)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("metric 1 was read as " + new MetricFold(1, 5, 2.5, 0.5, 2.5, 1.5) + ", not " + RIGHT);
    }

    @Test
    void a_last_value_that_is_another_one_is_an_error() {
        assertThatThrownBy(() -> Archive.check(1, 8, new MetricFold(2, 5, 0.5, 0.5, 2.5, 1.5)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_mean_that_is_another_one_is_an_error() {
        assertThatThrownBy(() -> Archive.check(1, 8, new MetricFold(2, 5, 2.5, 0.5, 2.5, 1.6)))
                .isInstanceOf(IllegalStateException.class);
    }
}
