package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TerminalTest {

    @Test
    void a_remark_comes_behind_the_result_that_it_is_on() {
        var screen = new StringWriter();
        var terminal = new Terminal(
                new PrintWriter(new BufferedWriter(screen)), new PrintWriter(screen), OptionalInt.of(80), ZoneOffset.UTC);

        terminal.line("result");
        terminal.note("remark");
        terminal.tableLine("more");
        terminal.warning("another");

        assertThat(screen).hasToString("result\nremark\nmore\nwarning: another\n");
    }
}
