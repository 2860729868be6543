package dev.daybook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MachineTest {

    private static final List<String> LINES =
            List.of("processor\t: 0", "model name\t: AMD EPYC", "", "model name\t: other", "MemTotal:  24683520 kB");

    @Test
    void a_field_is_what_stands_behind_the_first_colon_of_the_first_such_line() {
        assertThat(Machine.field(LINES, "model name")).isEqualTo("AMD EPYC");
    }

    @Test
    void a_field_that_the_kernel_does_not_tell_is_unknown() {
        assertThat(Machine.field(LINES, "model")).isEqualTo("unknown model");
    }

    @Test
    void kibibytes_are_read_from_what_the_kernel_calls_kB() {
        assertThat(Machine.kibibytes(Machine.field(LINES, "MemTotal"))).isEqualTo(24_683_520);
    }

    @Test
    void what_is_no_number_of_kB_is_an_error() {
        assertThatThrownBy(() -> Machine.kibibytes("12 MB"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a number of kB: 12 MB");
    }
}
