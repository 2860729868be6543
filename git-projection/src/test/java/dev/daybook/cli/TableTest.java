package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.daybook.cli.Table.Cell;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TableTest {

    private final Table table = new Table(List.of("name", "loss", "note"));

    TableTest() {
        table.add(List.of(Cell.text("a"), Cell.number("0.25"), Cell.text("long enough")));
        table.add(List.of(Cell.text("longer"), Cell.ABSENT, Cell.number("1")));
    }

    @Test
    void texts_stand_left_and_columns_of_numbers_right_and_no_line_ends_in_spaces() {
        assertThat(table.lines())
                .containsExactly(
                        "name    loss  note", //
                        "a       0.25  long enough",
                        "longer     -  1");
    }

    @Test
    void only_whole_columns_fit() {
        assertThat(table.fitting(OptionalInt.empty())).isEqualTo(3);
        assertThat(table.fitting(OptionalInt.of(25))).isEqualTo(3);
        assertThat(table.fitting(OptionalInt.of(24))).isEqualTo(2);
        assertThat(table.fitting(OptionalInt.of(12))).isEqualTo(2);
        assertThat(table.fitting(OptionalInt.of(11))).isEqualTo(1);
        assertThat(table.lines(2)).containsExactly("name    loss", "a       0.25", "longer     -");
        assertThat(table.headerFrom(2)).containsExactly("note");
    }

    @Test
    void the_first_column_is_there_however_narrow_the_terminal() {
        assertThat(table.fitting(OptionalInt.of(1))).isEqualTo(1);
    }

    @Test
    void a_header_out_of_a_repository_cannot_steer_the_terminal() {
        assertThat(new Table(List.of("lr\u001b[2J")).lines()).containsExactly("lr\\u001b[2J");
    }

    @Test
    void columns_are_even_whatever_the_width_of_a_character() {
        var names = new Table(List.of("name", "結果"));
        names.add(List.of(Cell.text("漢字"), Cell.number("1")));
        names.add(List.of(Cell.text("cafe\u0301"), Cell.number("0.25")));
        names.add(List.of(Cell.text("\uD83D\uDE00 ok"), Cell.number("2")));

        assertThat(names.lines())
                .containsExactly(
                        "name   結果", //
                        "漢字      1",
                        "cafe\u0301   0.25",
                        "\uD83D\uDE00 ok     2");
        assertThat(names.fitting(OptionalInt.of(11))).isEqualTo(2);
        assertThat(names.fitting(OptionalInt.of(10))).isEqualTo(1);
    }

    @Test
    void a_cell_out_of_a_repository_can_neither_steer_the_terminal_nor_turn_its_line_around() {
        var names = new Table(List.of("name", "loss"));
        names.add(List.of(Cell.text("a\u202eb"), Cell.text("1\n2")));
        assertThat(names.lines()).containsExactly("name      loss", "a\\u202eb  1\\n2");
    }

    @Test
    void a_row_of_another_length_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> table.add(List.of(Cell.text("alone"))));
    }
}
