package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of all commands on a terminal of 80 columns, where something in them is long; elsewhere they are whole. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NarrowTerminalTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final OptionalInt NARROW = OptionalInt.of(80);
    private static final String LONG =
            "a sentence that goes on and on until nobody wants to read what stands at its end";
    private static final String LION = "lion-with-a-name-of-40-characters-or-so-1";
    private static final String LIONESS = "lion-with-a-name-of-40-characters-or-so-2";

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    /** Checked to have no line that is wider. */
    private String narrow(String... args) {
        var result = repository.daybook(NARROW, args);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out().lines()).allMatch(line -> Text.columns(line) <= 80);
        return result.out();
    }

    @Test
    void history_at_a_moment_and_show_give_numbers_with_fewer_digits_and_cut_texts() {
        repository.interrupted("x", NOON, run -> {
            run.setParam("about", LONG).setParam("seed", 1234567890123456789L);
            run.logMetric("train/loss/with/a/longer", 0, 1 / 3.0);
            run.logMetric("train/loss/with/a/longer", 1, 2 / 3.0);
            run.makeCheckpoint(LONG);
        });
        var whole = repository.daybook("show", "x").out();
        assertThat(whole).contains(LONG, "  0.6666666666666666  0.3333333333333333  0.6666666666666666   0.5\n");

        var shown = narrow("show", "x");

        assertThat(shown)
                .containsPattern("\nabout +a sentence that goes on and .*\\.\\.\\.  set, for dvclive/params\\.yaml\n")
                .containsPattern("\nseed +1234567890123456789 +set")
                .containsPattern("\ntrain/loss/with/a/longer +2 +1  0\\.666667  0\\.333333  0\\.666667   0\\.5\n")
                .containsPattern(
                        "\n +1  [0-9a-f]{7}  a sentence that goes on and on until nobody wants to rea\\.\\.\\.\n");
        var events =
                repository.daybook("history", "x", "--events").out().lines().toList();
        var position = events.get(events.size() - 1).split(" +", -1)[2];
        assertThat(narrow("history", "x", "--at", position)).contains("0.666667", "  a sentence that");
    }

    @Test
    void diff_keeps_where_two_long_texts_differ() {
        repository.saved(LION, NOON, run -> run.setParam("about", LONG + 1).setParam("layers", "relu"));
        repository.saved(LIONESS, NOON, run -> run.setParam("about", LONG + 2).setParam("layers", "tanh"));
        assertThat(repository.daybook("diff", LION, LIONESS).out()).contains(LONG + 1, LONG + 2, LION);

        var lines = narrow("diff", LION, LIONESS).lines().toList();

        assertThat(lines.get(0)).matches("parameter  \\.\\.\\..*-so-1 +\\.\\.\\..*-so-2 +change");
        assertThat(lines.get(1)).matches("about +\\.\\.\\..* its end1\" +\\.\\.\\..* its end2\" +-");
        assertThat(lines.get(2)).matches("layers +relu +tanh +-");
    }

    @Test
    void push_and_pull_give_commits_as_git_abbreviates_them() {
        repository.git("init", "--quiet", "--bare", folder.resolve("origin.git").toString());
        repository.git("remote", "add", "origin", folder.resolve("origin.git").toString());
        var saved = repository.saved(LION, NOON, TestRepository::logLoss);

        assertThat(narrow("push")).contains("\n" + LION + "  " + Text.commit(saved.commit()) + "  created  -\n");
    }

    @Test
    void gc_gives_names_and_sizes_whole() throws IOException {
        repository.saved(LION, NOON, TestRepository::logLoss);
        assertThat(repository.daybook("remove", LION).code()).isZero();
        assertThat(narrow("remove", "--list")).contains("\n" + LION + " ");

        assertThat(narrow("gc", "--keep-days", "0"))
                .containsPattern("\n" + LION + " +20[-0-9]+ [0-9:]+ +refs/\\S+\\.\\.\\.\n")
                .containsPattern("\n[0-9TZ.]+-[0-9a-f]+ +[0-9.]+ [KM]?i?B +written last on .*\\.\\.\\.\n");
    }

    @Test
    void notes_are_cut_and_their_authors_if_need_be() {
        repository.saved("x", NOON, TestRepository::logLoss);
        assertThat(repository.daybook("note", "x", LONG).code()).isZero();

        assertThat(narrow("show", "x")).containsPattern("\n20[-0-9]+ [0-9:]+  Ada.* a sentence .*\\.\\.\\.\n");
    }

    @Test
    void where_nothing_can_become_shorter_a_column_is_left_out_and_named() {
        repository.saved("x".repeat(70), NOON, run -> {});
        assertThat(repository.daybook("remove", "x".repeat(70)).code()).isZero();

        var result = repository.daybook(NARROW, "remove", "--list");

        assertThat(result.out()).isEqualTo("name\n" + "x".repeat(70) + "\n");
        assertThat(result.err())
                .isEqualTo("left out for want of width: removed, commit; set COLUMNS, or use --json for all\n");
    }
}
