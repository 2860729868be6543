package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DvcInitCommandTest {

    private static final String ADVICE = "commit them: git -C '%1$s' add -- :/.dvc/.gitignore :/.dvc/config"
            + " && git -C '%1$s' commit -m 'DVC' -- :/.dvc/.gitignore :/.dvc/config\n";

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    @Test
    void makes_the_two_files_stages_nothing_and_says_what_to_do() {
        var result = repository.daybook("dvc-init");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo(".dvc/.gitignore\n.dvc/config\n");
        assertThat(result.err()).isEqualTo(ADVICE.formatted(repository.folder()));
        assertThat(repository.folder().resolve(".dvc/.gitignore")).hasContent("/config.local\n/tmp\n/cache\n");
        assertThat(repository.folder().resolve(".dvc/config")).isEmptyFile();
        assertThat(repository.git("status", "--porcelain")).isEqualTo("?? .dvc/");
        assertThat(repository.daybook("dvc-init").out()).isEqualTo(result.out());
    }

    @Test
    void its_advice_can_be_followed_from_anywhere() throws Exception {
        var inside = Files.createDirectories(repository.folder().resolve("src/model"));
        var advice = Result.of(OptionalInt.empty(), "-C", inside.toString(), "dvc-init")
                .err();

        var shell = new ProcessBuilder("sh", "-c", advice.replace("commit them: ", ""))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        TestRepository.isolate(shell);
        var process = shell.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(repository.git("ls-files")).isEqualTo(".dvc/.gitignore\n.dvc/config\nparams.yaml");
    }

    @Test
    void what_is_committed_is_left_alone() throws IOException {
        repository.daybook("dvc-init");
        Files.writeString(repository.folder().resolve(".dvc/config"), "[core]\n");
        repository.git("add", "--all");
        repository.git("commit", "--quiet", "--message=DVC");

        var result = repository.daybook("dvc-init");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("all that DVC needs is committed; there is nothing to do");
        assertThat(repository.folder().resolve(".dvc/config")).hasContent("[core]\n");
        assertThat(repository.daybook("dvc-init", "--json").json()).hasToString("{\"uncommitted\":[]}");
    }
}
