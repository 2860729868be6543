package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MainTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant ONE = Instant.parse("2026-11-23T13:00:00Z");

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    private static Result run(String... args) {
        return Result.of(OptionalInt.empty(), args);
    }

    @Test
    void looking_writes_nothing() {
        repository.interrupted("x", NOON, TestRepository::logLoss);
        repository.cutSaveInHalf("half", ONE);
        var before = repository.content();

        assertThat(repository.daybook("list").out()).contains("half");
        assertThat(repository.daybook("show", "x").code()).isZero();
        assertThat(repository.daybook("history", "x").code()).isZero();
        assertThat(repository.daybook("tail", "x").code()).isZero();
        assertThat(repository.daybook("verify").code()).isZero();

        assertThat(repository.content()).isEqualTo(before);
    }

    @Test
    void options_stand_before_or_behind_the_command() {
        repository.saved("x", NOON, run -> {});
        var place = repository.folder().toString();

        var expected = run("-C", place, "--json", "list");

        assertThat(expected.json()).hasSize(1);
        assertThat(run("list", "-C", place, "--json")).isEqualTo(expected);
        assertThat(run("-C", place, "list", "--json")).isEqualTo(expected);
    }

    @Test
    void each_command_is_known_alone_and_among_all() {
        var all = run("--help").out();
        var names = all.lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .skip(1)
                .takeWhile(line -> !line.isBlank())
                .filter(line -> line.matches("  [a-z].*"))
                .map(line -> line.strip().split(" ", 2)[0])
                .toList();

        assertThat(names).hasSizeGreaterThan(20).contains("list", "dvc-init");
        for (var name : names) {
            assertThat(run(name, "--help").out()).startsWith("Usage: daybook " + name + " ");
            assertThat(run("-C", folder.toString(), name, "--help"))
                    .as("where all are looked at")
                    .isEqualTo(run(name, "--help"));
        }
    }

    @Test
    void a_folder_inside_the_work_tree_will_do() throws IOException {
        repository.saved("x", NOON, run -> {});
        var inside = Files.createDirectories(repository.folder().resolve("src/model"));

        assertThat(run("-C", inside.toString(), "list")).isEqualTo(repository.daybook("list"));
    }

    @Test
    void the_journal_may_be_elsewhere() {
        var journal = folder.resolve("journal");
        try (var daybook =
                Daybook.open(repository.folder(), DaybookOptions.defaults().withJournalDirectory(journal))) {
            daybook.experiment("x").init();
        }

        assertThat(repository.daybook("list", "--json").json()).isEmpty();
        assertThat(repository
                        .daybook("list", "--json", "--journal", journal.toString())
                        .json())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                | missing required subcommand; see 'daybook --help'",
                "lst               | unknown command 'lst', did you mean 'list'?; see 'daybook --help'",
                "--jsn             | unknown option '--jsn', did you mean '--json'?; see 'daybook --help'",
                "list --nothing    | unknown option '--nothing'; see 'daybook list --help'",
                "list x            | unexpected argument 'x'; see 'daybook list --help'",
                "show              | missing required parameter: 'NAME'; see 'daybook show --help'",
                "show x y          | unexpected argument 'y'; see 'daybook show --help'",
                "save              | missing required parameter: 'NAME'; see 'daybook save --help'",
                "discard           | missing required parameter: 'NAME'; see 'daybook discard --help'",
                "recover x         | unexpected argument 'x'; see 'daybook recover --help'",
                "history           | missing required parameter: 'NAME'; see 'daybook history --help'",
                "history x --events --at g#1 | --events and --at do not go together; see 'daybook history --help'",
                "tail              | missing required parameter: 'NAME'; see 'daybook tail --help'",
                "verify x y        | unexpected argument 'y'; see 'daybook verify --help'",
                "gc x              | unexpected argument 'x'; see 'daybook gc --help'",
                "list --journal    | missing required parameter for option '--journal' (DIR); see 'daybook list --help'",
                "--journal list    | missing required parameter for option '--journal' (DIR); see 'daybook list --help'",
                "list -C           | missing required parameter for option '-C' (DIR); see 'daybook list --help'",
            })
    void wrong_usage_is_one_sentence_and_2(String line, String sentence) {
        var args = line.isEmpty() ? new String[0] : line.split(" ", -1);

        assertThat(run(args)).isEqualTo(new Result(2, "", "daybook: " + sentence + "\n"));
    }

    @ParameterizedTest
    @FieldSource("dev.daybook.cli.Main#VERBS")
    void each_command_has_a_help_with_an_example(String command) {
        var result = run(command, "--help");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("Usage: daybook " + command)
                .contains("--json", "--journal", "-C", "\nExample:\n  daybook " + command, "\nExit codes:\n");
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(run("--help").out()).contains("\n  " + command + " ");
    }

    @Test
    void the_version_is_a_line_of_its_own() {
        var result = run("--version");

        assertThat(result.code()).isZero();
        assertThat(result.out()).matches("daybook \\S+\n");
        assertThat(run("list", "--version")).isEqualTo(result);
    }

    @Test
    void a_folder_that_does_not_exist_is_an_error() {
        assertThat(run("list", "-C", "/no/such/folder"))
                .isEqualTo(new Result(
                        1, "", "daybook: there is no folder '/no/such/folder'; give an existing one with -C\n"));
    }

    @Test
    void a_folder_outside_of_all_repositories_is_an_error() {
        var result = run("list", "-C", folder.toString());

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("daybook: " + folder)
                .contains("Git repository")
                .hasLineCount(1);
    }

    @Test
    void debug_gives_the_stack_trace_before_the_sentence() {
        var plain = repository.daybook("show", "x");

        var debugged = repository.daybook("show", "x", "--debug");

        assertThat(debugged.err())
                .startsWith("dev.daybook.NoSuchExperimentException: ")
                .contains("\tat dev.daybook.cli.ShowCommand")
                .endsWith(plain.err());
        assertThat(plain.err()).hasLineCount(1);
        assertThat(debugged.code()).isEqualTo(plain.code());
    }

    @Test
    void an_unforeseen_error_is_a_sentence_that_tells_how_to_learn_more() {
        var err = new StringWriter();
        var terminal = terminal(Writer.nullWriter(), err);

        int code = new Failures(terminal, new Settings(terminal)).failed(new NoClassDefFoundError("sun/misc/Unsafe"));

        assertThat(code).isEqualTo(1);
        assertThat(err)
                .hasToString("daybook: an error that was not foreseen: java.lang.NoClassDefFoundError: sun/misc/Unsafe;"
                        + " run it again with --debug for the stack trace, and report that\n");
    }

    @Test
    void a_result_that_cannot_be_written_is_an_error() {
        repository.saved("x", NOON, run -> {});
        var err = new StringWriter();

        int code = Main.run(
                terminal(new FullDisk(), err), "-C", repository.folder().toString(), "list");

        assertThat(code).isEqualTo(1);
        assertThat(err).asString().startsWith("daybook: the result could not be written to standard output");
    }

    private static Terminal terminal(Writer out, Writer err) {
        return new Terminal(new PrintWriter(out), new PrintWriter(err), OptionalInt.empty(), ZoneOffset.UTC);
    }

    /** What {@code /dev/full} is to a process. */
    private static final class FullDisk extends Writer {

        @Override
        public void write(char[] buffer, int offset, int length) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
