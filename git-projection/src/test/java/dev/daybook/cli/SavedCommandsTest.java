package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on saved experiments. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SavedCommandsTest {

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void save_two() {
        repository = TestRepository.create(folder);
        repository.saved("lion", Instant.EPOCH.plusSeconds(1_800_000_000), run -> {
            run.setParam("lr", 0.5);
            run.logMetric("loss", 0.25);
        });
        repository.saved("tiger", Instant.EPOCH.plusSeconds(1_800_000_000), run -> run.logMetric("loss", 0.75));
    }

    @Test
    void diff_shows_metrics_parameters_and_files() {
        var result = repository.daybook("diff", "lion", "tiger");

        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("""
                metric  lion  tiger  change
                loss    0.25   0.75    +0.5

                parameter  lion  tiger  change
                lr          0.5    0.1    -0.4

                M dvclive/daybook.json
                """);
    }

    @Test
    void diff_gives_json() throws IOException {
        var json = repository.daybook("diff", "lion", "tiger", "--json").json();
        assertThat(json.at("/from/params/lr").doubleValue()).isEqualTo(0.5);
        assertThat(json.at("/to/metrics/loss").doubleValue()).isEqualTo(0.75);
        assertThat(json.get("files").size()).isPositive();
        assertThat(repository.daybook("diff", "lion", "lion").err()).isEqualTo("lion and lion do not differ\n");
    }

    @Test
    void diff_says_what_cannot_be_read() throws IOException {
        repository.savedByDvc("broken", Map.of("params.yaml", "lr: [\n"));
        Files.writeString(folder.resolve("params.yaml"), "seed: [\n");

        var result = repository.daybook("diff", "lion");
        assertThat(result.err())
                .startsWith("warning: the work tree: params.yaml")
                .hasLineCount(1);
        assertThat(result.out()).containsPattern("\nlr +0.5 +! +-\n");
        var json = repository.daybook("diff", "broken", "lion", "--json");
        assertThat(json.err()).startsWith("warning: 'broken': params.yaml").hasLineCount(1);
        assertThat(json.json().at("/from/problems")).hasSize(1);
        assertThat(json.json().at("/to/problems")).isEmpty();
        assertThat(repository.daybook("diff", "broken", "broken").err())
                .endsWith("\nbroken and broken do not differ in what could be read\n");
    }

    @Test
    void diff_shows_how_integers_differ_to_the_last_digit() {
        repository.savedByDvc(
                "a", Map.of("params.yaml", "i: 9007199254740993\nj: 10000000\nk: 9223372036854775807\nl: 1\n"));
        repository.savedByDvc(
                "b", Map.of("params.yaml", "i: 9007199254740992\nj: 21234567\nk: -9223372036854775808\nl: 1.5\n"));

        assertThat(repository.daybook("diff", "a", "b").out()).startsWith("""
                parameter                    a                     b                 change
                i             9007199254740993      9007199254740992                     -1
                j                     10000000              21234567              +11234567
                k          9223372036854775807  -9223372036854775808  -18446744073709551615
                l                            1                   1.5                   +0.5
                """);
    }

    @Test
    void diff_shows_no_two_values_the_same() {
        var long1 = "x".repeat(40) + "1";
        repository.savedByDvc(
                "a",
                Map.of(
                        "params.yaml",
                        "c: ['a, b']\nd: [1, '2']\ne: 1\nf: 0.1234567\ng: \"a\\nb\"\nh: '-'\ni: " + long1 + "\n"));
        repository.savedByDvc(
                "b",
                Map.of("params.yaml", "c: [a, b]\nd: ['1', 2]\ne: '1'\nf: 0.1234568\ng: 'a\\nb'\ni: " + long1 + "2\n"));

        assertThat(repository
                        .daybook("diff", "a", "b")
                        .out()
                        .lines()
                        .limit(8)
                        .map(line -> line.replaceAll("  +", "  ")))
                .containsExactly(
                        "parameter  a  b  change",
                        "c  [\"a, b\"]  [\"a\",\"b\"]  -",
                        "d  [1,\"2\"]  [\"1\",2]  -",
                        "e  1  \"1\"  -",
                        "f  0.1234567  0.1234568  +1e-7",
                        "g  \"a\\nb\"  \"a\\\\nb\"  -",
                        "h  \"-\"  -  -",
                        "i  \"" + long1 + "\"  \"" + long1 + "2\"  -");
    }

    @Test
    void apply_says_what_it_does() throws IOException {
        var trial = repository.daybook("apply", "lion", "--dry-run");
        assertThat(trial.out()).contains("M params.yaml\n", "A dvclive/metrics.json\n");
        assertThat(trial.err()).startsWith("would apply lion (");

        var result = repository.daybook("apply", "lion");
        assertThat(result.out()).isEqualTo(trial.out());
        assertThat(result.err()).startsWith("applied lion (");
        assertThat(Files.readString(folder.resolve("params.yaml"))).isEqualTo("lr: 0.5\n");
        assertThat(repository.daybook("apply", "lion").err()).isEqualTo("the work tree is what lion has already\n");
    }

    @Test
    void apply_refuses_and_keeps() throws IOException {
        Files.writeString(folder.resolve("params.yaml"), "lr: 7\n");
        var refused = repository.daybook("apply", "lion");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .startsWith("daybook: cannot apply 'lion': it would overwrite or delete 'params.yaml'");

        assertThat(repository.daybook("apply", "lion", "--dry-run").err())
                .contains("'params.yaml' is nowhere else; it takes --force");
        assertThat(repository.daybook("apply", "lion", "--dry-run", "--force").err())
                .contains("'params.yaml' is nowhere else; it would be overwritten or deleted, and kept on a ref");
        var forced = repository.daybook("apply", "lion", "--force");
        assertThat(forced.code()).isZero();
        assertThat(forced.err()).contains(" restore --overlay --source=refs/daybook/replaced/");
    }

    @Test
    void what_was_replaced_comes_back_by_the_command_that_is_printed_wherever_it_is_run(@TempDir Path elsewhere)
            throws Exception {
        Files.writeString(folder.resolve("params.yaml"), "lr: 7\n");
        var sub = Files.createDirectories(folder.resolve("it's src"));
        var forced = Result.of(OptionalInt.empty(), "-C", sub.toString(), "apply", "lion", "--force");
        assertThat(folder.resolve("params.yaml")).hasContent("lr: 0.5\n");

        var command = forced.err()
                .lines()
                .filter(line -> line.contains("get it back with: "))
                .findFirst()
                .orElseThrow()
                .replaceAll(".*get it back with: ", "");
        var shell = new ProcessBuilder("sh", "-c", command)
                .directory(elsewhere.toFile())
                .redirectErrorStream(true);
        TestRepository.isolate(shell);
        var process = shell.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + ": " + said).isZero();
        assertThat(folder.resolve("params.yaml")).hasContent("lr: 7\n");
    }

    @Test
    void an_apply_that_was_interrupted_is_told_of_until_it_is_finished() throws IOException {
        var left = Files.createDirectories(repository.gitFolder().resolve("daybook/apply/left"));
        var lion = repository.git("rev-parse", "refs/exps/" + repository.headOfRef() + "/lion");
        Files.writeString(left.resolve("plan"), lion + "\0");
        var warning = "the files of " + folder + " were changed in part by an apply of 'lion' that was interrupted;"
                + " daybook apply lion does the rest";

        assertThat(repository.daybook("status").err()).startsWith("warning: " + warning + "\n");
        assertThat(repository.daybook("recover").err()).startsWith("warning: " + warning + "\n");
        var warnings = new ArrayList<String>();
        Daybook.open(folder, DaybookOptions.defaults().withWarnings(warnings::add))
                .close();
        assertThat(warnings).containsExactly(warning);

        Files.writeString(left.resolve("plan"), "1".repeat(40) + "\0");
        assertThat(repository.daybook("status").err())
                .contains("an apply of the commit " + "1".repeat(40)
                        + " that was interrupted; the next daybook apply does");

        repository.daybook("apply", "lion");
        assertThat(repository.daybook("status").err()).doesNotContain("interrupted");
    }

    @Test
    void an_apply_that_is_refused_tells_what_it_has_finished_before() throws IOException {
        var left = Files.createDirectories(repository.gitFolder().resolve("daybook/apply/left"));
        Files.writeString(left.resolve("plan"), "1".repeat(40) + "\0Krefs/daybook/replaced/then\0\0");

        var refused = repository.daybook("apply", "nothing");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .startsWith("daybook: there is no ")
                .endsWith("\nan apply that was interrupted was finished first; what it has overwritten is kept on"
                        + " refs/daybook/replaced/then\n")
                .hasLineCount(2);
    }

    @Test
    void branch_rename_remove_and_restore() {
        assertThat(repository.daybook("branch", "lion", "try").out()).isEqualTo("made refs/heads/try of lion\n");
        assertThat(repository.daybook("rename", "lion", "cat").out()).isEqualTo("renamed lion to cat\n");
        assertThat(repository.daybook("remove", "cat", "none").code()).isEqualTo(1);
        assertThat(repository.daybook("remove", "cat", "tiger").out()).isEqualTo("removed cat\nremoved tiger\n");
        assertThat(repository.daybook("remove", "--list").out()).contains("cat", "tiger");
        assertThat(repository.daybook("restore", "cat").out()).isEqualTo("restored cat\n");
        assertThat(repository.daybook("list").out()).contains("cat").doesNotContain("tiger");
        assertThat(repository.daybook("remove").code()).isEqualTo(2);
        assertThat(repository.daybook("remove", "--list", "cat").code()).isEqualTo(2);
        assertThat(repository.daybook("apply", "nothing").code()).isEqualTo(1);
    }
}
