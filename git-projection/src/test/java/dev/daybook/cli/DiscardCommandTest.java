package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DiscardCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant ONE = Instant.parse("2026-11-23T13:00:00Z");

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    @Test
    void gives_an_experiment_up_and_its_name_free() {
        repository.interrupted("x", NOON, TestRepository::logLoss);

        assertThat(repository.daybook("discard", "x")).isEqualTo(new Result(0, "discarded x\n", ""));

        assertThat(repository.daybook("list", "--json").out()).isEqualTo("[]\n");
        assertThat(repository.git("for-each-ref", "refs/exps", "refs/daybook")).isEmpty();
        assertThat(repository.saved("x", ONE, run -> {}).name()).isEqualTo("x");
    }

    @Test
    void says_which_one_as_json() {
        var ids = new String[1];
        repository.interrupted("x", NOON, run -> ids[0] = run.id().orElseThrow());

        assertThat(repository.daybook("discard", "x", "--json").json())
                .hasToString("{\"name\":\"x\",\"id\":\"" + ids[0] + "\"}");
    }

    @Test
    void does_not_touch_a_saved_one() {
        var saved = repository.saved("x", NOON, run -> {});

        assertThat(repository.daybook("discard", "x").code()).isEqualTo(1);

        assertThat(repository.git("rev-parse", saved.ref())).isEqualTo(saved.commit());
    }
}
