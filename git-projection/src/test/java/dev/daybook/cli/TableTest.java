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
        assertThat(table.fit(OptionalInt.empty())).isEqualTo(3);
        assertThat(table.fit(OptionalInt.of(25))).isEqualTo(3);
        assertThat(table.fit(OptionalInt.of(24))).isEqualTo(2);
        assertThat(table.fit(OptionalInt.of(12))).isEqualTo(2);
        assertThat(table.fit(OptionalInt.of(11))).isEqualTo(1);
        assertThat(table.lines(2)).containsExactly("name    loss", "a       0.25", "longer     -");
        assertThat(table.headerFrom(2)).containsExactly("note");
    }

    @Test
    void what_has_a_shorter_form_takes_it_before_a_column_is_left_out_and_the_widest_ones_first() {
        var checkpoints = new Table(List.of("number", "loss", "commit", "message"));
        checkpoints.add(List.of(
                Cell.number("12345678901"),
                Cell.whole(1 / 3.0),
                Cell.commit("0123456789".repeat(4)),
                Cell.cut("half of the way is gone")));
        checkpoints.add(List.of(Cell.number("2"), Cell.whole(0.5), Cell.ABSENT, Cell.cut("all of it")));

        assertThat(checkpoints.fit(OptionalInt.of(98))).isEqualTo(4);
        assertThat(checkpoints.lines())
                .containsExactly(
                        "     number                loss  commit                                    message",
                        "12345678901  0.3333333333333333  0123456789012345678901234567890123456789  half of the way is gone",
                        "          2                 0.5  -                                         all of it");
        assertThat(checkpoints.fit(OptionalInt.of(97))).isEqualTo(4);
        assertThat(checkpoints.lines())
                .containsExactly(
                        "     number                loss  commit   message",
                        "12345678901  0.3333333333333333  0123456  half of the way is gone",
                        "          2                 0.5  -        all of it");
        assertThat(checkpoints.fit(OptionalInt.of(47))).isEqualTo(4);
        assertThat(checkpoints.lines())
                .containsExactly(
                        "     number      loss  commit   message",
                        "12345678901  0.333333  0123456  half of the ...",
                        "          2       0.5  -        all of it");
        assertThat(checkpoints.fit(OptionalInt.of(40))).isEqualTo(3);
    }

    @Test
    void what_differs_still_does_when_it_is_cut() {
        var difference = Table.under(Cell.text("parameter"), Cell.cut("a"), Cell.cut("b"));
        difference.add(List.of(
                Cell.text("path"),
                Cell.text("data/train/of/2026-11-23/a.csv").cutAround(25),
                Cell.text("data/train/of/2026-11-23/b.csv").cutAround(25)));

        assertThat(difference.fit(OptionalInt.of(41))).isEqualTo(3);
        assertThat(difference.lines(3))
                .containsExactly(
                        "parameter  a               b", //
                        "path       ...11-23/a.csv  ...11-23/b.csv");
    }

    @Test
    void the_first_column_is_there_however_narrow_the_terminal() {
        assertThat(table.fit(OptionalInt.of(1))).isEqualTo(1);
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
        assertThat(names.fit(OptionalInt.of(11))).isEqualTo(2);
        assertThat(names.fit(OptionalInt.of(10))).isEqualTo(1);
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
