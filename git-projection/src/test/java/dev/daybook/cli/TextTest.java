package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TextTest {

    @ParameterizedTest
    @CsvSource({
        "0.5, 0.5",
        "10, 10",
        "-2.25, -2.25",
        "0, 0",
        "-0.0, 0",
        "0.1234567, 0.123457",
        "0.0001, 0.0001",
        "0.00012345678, 0.000123457",
        "0.00001, 1e-5",
        "123456.7, 123457",
        "999999.7, 1e6",
        "1234567, 1.23457e6",
        "1.7976931348623157E308, 1.79769e308",
        "4.9E-324, 4.9e-324",
        "NaN, NaN",
        "-Infinity, -Infinity",
    })
    void a_double_has_six_significant_digits_in_a_table(double number, String brief) {
        assertThat(Text.brief(number)).isEqualTo(brief);
    }

    @Test
    void an_integer_keeps_all_digits_because_it_may_be_a_seed() {
        assertThat(Text.brief(20261123L)).isEqualTo("20261123");
    }

    @Test
    void a_long_text_is_cut_in_a_table_and_whole_elsewhere() {
        var text = "0123456789".repeat(4);

        assertThat(Text.brief(text))
                .isEqualTo("01234567890123456789012345678...")
                .hasSize(32);
        assertThat(Text.whole(text)).isEqualTo(text);
    }

    @Test
    void a_text_is_cut_by_columns_and_not_inside_a_character() {
        assertThat(Text.brief("\uD83D\uDE00".repeat(40))).isEqualTo("\uD83D\uDE00".repeat(14) + "...");
        assertThat(Text.brief("漢".repeat(16))).isEqualTo("漢".repeat(16));
        assertThat(Text.brief("漢".repeat(17))).isEqualTo("漢".repeat(14) + "...");
        assertThat(Text.brief("e\u0301".repeat(32))).isEqualTo("e\u0301".repeat(32));
        assertThat(Text.brief("e\u0301".repeat(33))).isEqualTo("e\u0301".repeat(29) + "...");
    }

    @Test
    void what_is_cut_keeps_its_beginning_or_what_is_asked_for() {
        assertThat(Text.cut("0123456789abcdef", 16)).isEqualTo("0123456789abcdef");
        assertThat(Text.cut("0123456789abcdef", 15)).isEqualTo("0123456789ab...");
        assertThat(Text.cut("0123456789abcdef", 0)).isEqualTo("012345...");
        assertThat(Text.cut("0123456789abcdef", 15, 11)).isEqualTo("0123456789ab...");
        assertThat(Text.cut("0123456789abcdef", 15, 12)).isEqualTo("...456789abcdef");
        assertThat(Text.cut("0123456789abcdef", 9, 8)).isEqualTo("...678...");
        assertThat(Text.cut("0123456789abcdef", 9, 15)).isEqualTo("...abcdef");
        assertThat(Text.cut("0123456789abcdef", 9, 16)).isEqualTo("...abcdef");
        assertThat(Text.cut("\uD83D\uDE00".repeat(9), 9, 11)).isEqualTo("...\uD83D\uDE00...");
    }

    @Test
    void other_values_read_as_java_writes_them() {
        assertThat(Text.whole(null)).isEqualTo("null");
        assertThat(Text.whole(true)).isEqualTo("true");
        assertThat(Text.whole(List.of(1L, 2L))).isEqualTo("[1, 2]");
        assertThat(Text.whole(1 / 3.0)).isEqualTo("0.3333333333333333");
    }

    @Test
    void what_a_terminal_would_obey_or_hide_is_escaped() {
        assertThat(Text.printable("a\nb\tc\r")).isEqualTo("a\\nb\\tc\\r");
        assertThat(Text.printable("\u001b[2J")).isEqualTo("\\u001b[2J");
        assertThat(Text.printable("\u202egnp.exe")).isEqualTo("\\u202egnp.exe");
        assertThat(Text.printable("\uD800")).isEqualTo("\\ud800");
        assertThat(Text.printable("\uDB40\uDC41")).isEqualTo("\\u{e0041}");
        assertThat(Text.printable("größer \uD83D\uDE00")).isEqualTo("größer \uD83D\uDE00");
    }
}
