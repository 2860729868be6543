package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
        terminal.tableLine("more");
        terminal.warning("another");

        assertThat(screen).hasToString("result\nremark\nmore\nwarning: another\n");
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
