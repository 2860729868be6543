package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TextWidthTest {

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "abc ~, 5",
        "größer, 6",
        "漢字, 4",
        "ひらがな, 8",
        "한국, 4",
        "ﾊﾝｶｸ, 4",
        "Ａ１, 4",
        "привет, 6",
        "→ α², 4",
        "𠀋, 2",
        "😀, 2",
        "⚡, 2",
        "🧪🚀, 4",
        "│─, 2",
    })
    void wide_characters_take_two_columns(String text, int columns) {
        assertThat(TextWidth.of(text)).isEqualTo(columns);
    }

    @Test
    void what_is_not_seen_or_joins_another_character_takes_none() {
        assertThat(TextWidth.of("cafe\u0301")).isEqualTo(4);
        assertThat(TextWidth.of("e\u0301\u0323\u20dd")).isEqualTo(1);
        assertThat(TextWidth.of("\u1112\u1161\u11ab")).isEqualTo(2);
        assertThat(TextWidth.of("か\u3099")).isEqualTo(2);
        assertThat(TextWidth.of("\u200b\u200d\u200e\u202a\u202e\u2066\u2069\ufe0f"))
                .isZero();
        assertThat(TextWidth.of("\u0000\u001b\u007f\u0085")).isZero();
    }

    @Test
    void no_letter_or_digit_of_a_script_with_narrow_letters_is_wide() {
        assertThat(IntStream.range(0xa0, 0x1100).filter(Character::isLetterOrDigit))
                .allMatch(c -> TextWidth.of(Character.toString(c)) == 1);
        assertThat(IntStream.rangeClosed(0x4e00, 0x9fff)).allMatch(c -> TextWidth.of(Character.toString(c)) == 2);
    }

    @Test
    void a_text_is_cut_where_it_is_full() {
        assertThat(TextWidth.cut("漢字", 3)).isEqualTo("漢");
        assertThat(TextWidth.cut("漢字", 4)).isEqualTo("漢字");
        assertThat(TextWidth.cut("e\u0301e\u0301", 1)).isEqualTo("e\u0301");
        assertThat(TextWidth.cut("abc", 9)).isEqualTo("abc");
        assertThat(TextWidth.cut("漢", 1)).isEmpty();
    }
}
