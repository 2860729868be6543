package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Progress;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TerminalTest {

    @TempDir
    Path folder;

    @Test
    void a_remark_comes_behind_the_result_that_it_is_on() {
        var screen = new StringWriter();
        var terminal = new Terminal(
                new PrintWriter(new BufferedWriter(screen)),
                new PrintWriter(screen),
                OptionalInt.of(80),
                ZoneOffset.UTC);

        terminal.line("result");
        terminal.note("remark");
        terminal.table(new Table(List.of("more")));
        terminal.warning("another");

        assertThat(screen).hasToString("result\nremark\nmore\nwarning: another\n");
    }

    @Test
    void what_is_said_takes_the_place_of_progress() {
        var screen = new StringWriter();
        var clock = new AtomicLong();
        var terminal = new Terminal(
                new PrintWriter(screen),
                new PrintWriter(screen),
                OptionalInt.of(20),
                ZoneOffset.UTC,
                false,
                () -> clock.getAndAdd(1_000_000_000L));

        terminal.progress().at("reading", 1, 3, Progress.Unit.ITEMS);
        terminal.line("result");
        terminal.progress().at("reading", 2, 3, Progress.Unit.ITEMS);
        terminal.warning("remark");
        terminal.flush();

        assertThat(screen.toString().replace("\r\u001b[K", "<CLEAR>").lines())
                .containsExactly(
                        "<CLEAR>reading  1 of 3<CLEAR>result", "<CLEAR>reading  2 of 3 ...<CLEAR>warning: remark");
    }

    @Test
    void a_log_is_no_terminal() throws IOException {
        var link = folder.resolve("2");
        assertThat(Terminal.isTerminal(link, true)).isTrue();
        assertThat(Terminal.isTerminal(link, false)).isFalse();
        for (var terminal : List.of("/dev/pts/0", "/dev/tty1", "/dev/console")) {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(terminal));
            assertThat(Terminal.isTerminal(link, false)).isTrue();
        }
        for (var other : List.of("/home/ada/log", "/dev/null", "pipe:[4711]")) {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(other));
            assertThat(Terminal.isTerminal(link, true)).isFalse();
        }
    }

    @Test
    void without_a_locale_csv_is_utf_8_and_people_see_escapes() throws Exception {
        var repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
        repository.savedByDvc("x", Map.of("params.yaml", "who: Zo\u00eb\nface: \ud83d\ude00\n"));

        assertThat(inAscii(repository, "list", "--csv", "--columns", "who,face"))
                .isEqualTo("params.who,params.face\r\nZo\u00eb,\ud83d\ude00\r\n");
        assertThat(inAscii(repository, "list", "--columns", "who,face")).isEqualTo("""
                who       face
                Zo\\u00eb  \\u{1f600}
                """);
        assertThat(inAscii(repository, "show", "x")).contains("Zo\\u00eb");
    }

    /** What it prints as a process that has no locale. */
    private String inAscii(TestRepository repository, String... args) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command =
                new ArrayList<>(List.of(java, "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("-C", repository.folder().toString()));
        command.addAll(List.of(args));
        var out = folder.resolve("out");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile());
        TestRepository.isolate(builder);
        builder.environment().put("LC_ALL", "C");
        assertThat(builder.start().waitFor()).isZero();
        return Files.readString(out);
    }
}
