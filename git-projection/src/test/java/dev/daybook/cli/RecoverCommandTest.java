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
class RecoverCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    @Test
    void finishes_what_a_crash_has_cut_in_half() {
        repository.cutSaveInHalf("x", NOON);
        var before = repository.daybook("list", "--json").json();

        var result = repository.daybook("recover");

        var ref = "refs/exps/" + repository.headOfRef() + "/x";
        assertThat(before.get(0).get("status").textValue()).isEqualTo("completed");
        assertThat(result)
                .isEqualTo(
                        new Result(0, "x " + repository.git("rev-parse", ref).substring(0, 7) + " " + ref + "\n", ""));
        assertThat(repository.daybook("list", "--json").json()).hasSize(1);
    }

    @Test
    void gives_what_it_has_finished_as_json() {
        repository.cutSaveInHalf("x", NOON);

        var json = repository.daybook("recover", "--json").json();

        assertThat(json).hasSize(1);
        assertThat(json.get(0).get("commit").textValue())
                .isEqualTo(repository.git("rev-parse", "refs/exps/" + repository.headOfRef() + "/x"));
    }

    @Test
    void says_when_there_is_nothing_to_do() {
        repository.interrupted("x", NOON, run -> {});

        assertThat(repository.daybook("recover"))
                .isEqualTo(new Result(0, "", "no save was cut in half; there is nothing to recover\n"));
        assertThat(repository.daybook("recover", "--json")).isEqualTo(new Result(0, "[]\n", ""));
    }
}
