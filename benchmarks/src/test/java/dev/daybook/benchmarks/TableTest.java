package dev.daybook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TableTest {

    private final Table table = new Table("one thread", "p50 ns");

    @Test
    void a_table_is_markdown_with_its_figures_to_the_right() {
        table.row("Daybook", Table.figure(49.96, 1));
        table.row("Chronicle", Table.figure(231, 0));
        var printed = new ByteArrayOutputStream();

        table.print(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("| one thread | p50 ns |", "|---|--:|", "| Daybook | 50.0 |", "| Chronicle | 231 |");
    }

    @Test
    void a_row_that_is_too_long_is_an_error() {
        assertThatThrownBy(() -> table.row("Daybook", "1", "2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 cells for 2 columns");
    }
}
