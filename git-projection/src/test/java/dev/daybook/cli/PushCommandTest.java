package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Progress.Unit;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PushCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
        repository.git("init", "--quiet", "--bare", folder.resolve("origin.git").toString());
        repository.git("remote", "add", "origin", folder.resolve("origin.git").toString());
    }

    private TestRepository cloned() {
        repository.git("push", "--quiet", "origin", "main");
        repository.git(
                "clone",
                "--quiet",
                folder.resolve("origin.git").toString(),
                folder.resolve("clone").toString());
        var clone = new TestRepository(folder.resolve("clone"));
        clone.git("checkout", "--quiet", "-B", "main", "origin/main");
        clone.git("config", "user.name", "Bob");
        clone.git("config", "user.email", "bob@example.org");
        return clone;
    }

    @Test
    void experiments_are_sent_and_fetched_and_said() {
        var saved = repository.saved("x", NOON, TestRepository::logLoss);
        var clone = cloned();

        var pushed = repository.daybook("push");

        assertThat(pushed.code()).isZero();
        assertThat(pushed.err()).isEmpty();
        assertThat(pushed.out()).matches("experiment +commit +what +before\nx +" + saved.commit() + " +created +-\n");
        assertThat(repository.daybook("push"))
                .isEqualTo(new Result(0, "", "1 experiment is the same here and at origin\n"));

        var pulled = clone.daybook("pull", "x", "--json");

        assertThat(pulled.code()).isZero();
        assertThat(pulled.json().get("remote").asText()).isEqualTo("origin");
        assertThat(pulled.json().get("experiments").get(0).get("outcome").asText())
                .isEqualTo("created");
        assertThat(clone.git("rev-parse", saved.ref())).isEqualTo(saved.commit());
        assertThat(clone.daybook("list").out()).contains("x ");
    }

    @Test
    void tags_and_notes_that_went_along_are_counted() {
        repository.saved("x", NOON, TestRepository::logLoss);
        var clone = cloned();
        assertThat(repository.daybook("push").code()).isZero();
        assertThat(repository.daybook("tag", "x", "best").code()).isZero();

        assertThat(repository.daybook("push"))
                .isEqualTo(new Result(
                        0,
                        "",
                        "1 experiment is the same here and at origin\ntags and notes on 1 experiment went along\n"));

        assertThat(clone.daybook("pull", "--json").json().get("notes").intValue())
                .isOne();
        assertThat(clone.daybook("show", "x").out()).containsPattern("tags +best");
    }

    @Test
    void a_diverged_experiment_is_exit_code_1_and_a_sentence() {
        repository.saved("x", NOON, TestRepository::logLoss);
        var clone = cloned();
        clone.saved("x", NOON.plusSeconds(1), run -> {});
        assertThat(repository.daybook("push").code()).isZero();

        var pushed = clone.daybook("push");
        var pulled = clone.daybook("pull", "--json");

        assertThat(pushed.code()).isEqualTo(1);
        assertThat(pushed.out()).contains(" diverged ");
        assertThat(pushed.err())
                .startsWith("daybook: experiment 'x' was not pushed")
                .hasLineCount(1);
        assertThat(pulled.code()).isEqualTo(1);
        assertThat(pulled.json().get("problems")).hasSize(1);
        assertThat(clone.daybook("push", "--force", "-r", "origin").out()).contains(" replaced ");
    }

    @Test
    void a_remote_that_is_not_there_is_an_error() {
        repository.saved("x", NOON, run -> {});

        var result = repository.daybook("push", "--remote", "nowhere");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("daybook: the remote 'nowhere' cannot be reached")
                .contains("git remote -v")
                .hasLineCount(1);
        assertThat(repository.daybook("push", "y").err()).contains("'y'");
    }

    @Test
    void nothing_to_exchange_is_said_kindly() {
        assertThat(repository.daybook("push"))
                .isEqualTo(new Result(0, "", "there are no saved experiments to exchange with origin\n"));
    }

    @Test
    void progress_is_shown_beyond_a_second_with_rate_and_time_left() {
        var err = new StringWriter();
        var now = new AtomicLong();
        var line = new ProgressLine(new PrintWriter(err), now::get, () -> 80);
        line.at("sending data", 0, 4 << 20, Unit.BYTES);
        now.set(SECOND / 2);
        line.at("sending data", 1 << 19, 4 << 20, Unit.BYTES);
        assertThat(err.toString()).isEmpty();
        now.set(SECOND);
        line.at("sending data", 1 << 20, 4 << 20, Unit.BYTES);
        line.at("sending data", 2 << 20, 4 << 20, Unit.BYTES);
        line.clear();
        line.clear();

        assertThat(err).hasToString("\r\u001b[Ksending data  1.0 MiB of 4.0 MiB  1.0 MiB/s  3 s left\r\u001b[K");
    }
}
