package dev.daybook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GoalsTest {

    private final Goals goals = new Goals();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void a_goal_is_a_line_with_its_name_what_was_measured_and_the_bound() {
        goals.atMost("cpu-vs-chronicle", 0.43, 0.50);
        goals.atLeast("two-threads", 2.99, 3);

        assertThat(goals.lines())
                .containsExactly(
                        "goal cpu-vs-chronicle measured=0.43 bound=0.5 ok",
                        "goal two-threads measured=2.99 bound=3 short");
    }

    @Test
    void a_bound_that_is_just_met_is_met_unless_it_has_to_stay_below() {
        goals.atMost("most", 2, 2);
        goals.atLeast("least", 2, 2);
        goals.below("below", 2, 2);

        assertThat(goals.lines())
                .containsExactly(
                        "goal most measured=2 bound=2 ok",
                        "goal least measured=2 bound=2 ok",
                        "goal below measured=2 bound=2 short");
    }

    @Test
    void figures_are_plain_numbers_of_four_digits() {
        goals.atMost("large", 123_456.7, 8192);
        goals.below("small", 0.000_412_34, 0.01);

        assertThat(goals.lines())
                .containsExactly(
                        "goal large measured=123500 bound=8192 short", "goal small measured=0.0004123 bound=0.01 ok");
    }

    @Test
    void it_is_what_was_measured_that_meets_the_bound_and_not_what_is_printed() {
        goals.atMost("close", 1.000_01, 1);

        assertThat(goals.lines()).containsExactly("goal close measured=1 bound=1 short");
    }

    @Test
    void what_is_no_number_meets_no_bound() {
        goals.atMost("none", Double.NaN, 1);
        goals.atLeast("none", Double.NaN, 1);
        goals.below("none", Double.NaN, 1);

        assertThat(goals.lines()).hasSize(3).allMatch(line -> line.endsWith(" short"));
    }

    @Test
    void the_exit_code_is_0_when_all_are_met() {
        goals.atMost("one", 1, 2);
        goals.atMost("other", 1, 2);

        assertThat(report(false)).isZero();
    }

    @Test
    void the_exit_code_is_1_when_one_is_short() {
        goals.atMost("one", 1, 2);
        goals.atMost("other", 3, 2);

        assertThat(report(false)).isEqualTo(1);
        assertThat(text()).endsWith("goal one measured=1 bound=2 ok\ngoal other measured=3 bound=2 short\n");
    }

    @Test
    void a_short_goal_does_not_fail_a_smoke_test_which_says_so() {
        goals.atMost("one", 3, 2);

        assertThat(report(true)).isZero();
        assertThat(text()).contains("goal one measured=3 bound=2 short\n").contains("a short goal does not fail it");
    }

    private int report(boolean isSmoke) {
        return goals.report(new PrintStream(printed, true, StandardCharsets.UTF_8), isSmoke);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
