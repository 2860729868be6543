package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.RepositoryException;
import dev.daybook.port.ProjectionProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OpeningTest {

    @TempDir
    Path temp;

    private void assertRefused(Path path, String... parts) {
        assertThatThrownBy(() -> new GitProjectionProvider().open(path, warning -> {}))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void the_provider_is_found_by_the_service_loader() {
        assertThat(ServiceLoader.load(ProjectionProvider.class)).hasExactlyElementsOfTypes(GitProjectionProvider.class);
    }

    @Test
    void a_folder_inside_the_work_tree_will_do() {
        var repo = GitRepo.reference(temp.resolve("repo")).write("src/deep/x", "x");
        try (var projection = new GitProjectionProvider().open(repo.top.resolve("src/deep"), warning -> {})) {
            assertThat(projection.head()).isEqualTo(repo.head());
            assertThat(projection.home()).isEqualTo(repo.top.resolve(".git/daybook"));
        }
        assertThat(repo.top.resolve(".git/daybook")).doesNotExist();
    }

    @Test
    void a_linked_worktree_has_its_own_head_and_shares_the_home() {
        var repo = GitRepo.reference(temp.resolve("repo"));
        repo.git("worktree", "add", "-q", "-b", "side", temp.resolve("linked").toString());
        var linked = new GitRepo(temp.resolve("linked"))
                .write("train.py", "print(2)\n")
                .commit("side");
        try (var projection = linked.open()) {
            assertThat(projection.head()).isEqualTo(linked.head()).isNotEqualTo(repo.head());
            assertThat(projection.home()).isEqualTo(repo.top.resolve(".git/daybook"));
        }
    }

    @Test
    void a_detached_head_is_a_head() {
        var repo = GitRepo.reference(temp.resolve("repo"));
        repo.git("checkout", "-q", "--detach");
        try (var projection = repo.open()) {
            assertThat(projection.head()).isEqualTo(repo.head());
        }
    }

    @Test
    void no_repository_is_refused() throws IOException {
        assertRefused(Files.createDirectory(temp.resolve("nothing")), "nothing is in no Git repository", "git init");
    }

    @Test
    void a_bare_repository_is_refused() {
        var repo = GitRepo.reference(temp.resolve("repo"));
        repo.git("clone", "-q", "--bare", ".", temp.resolve("bare.git").toString());
        assertRefused(temp.resolve("bare.git"), "is bare", "open a clone");
    }

    @Test
    void the_folder_of_git_is_refused() {
        var repo = GitRepo.reference(temp.resolve("repo"));
        assertRefused(repo.top.resolve(".git"), "inside Git's own folder");
    }

    @Test
    void a_repository_of_sha_256_is_refused_and_left_alone() {
        var repo = new GitRepo(temp);
        repo.git("init", "-q", "--object-format=sha256", "repo");
        repo = new GitRepo(temp.resolve("repo"));
        var before = repo.untouchables();
        assertRefused(repo.top, "names its objects by sha256", "use a SHA-1 repository");
        assertThat(repo.untouchables()).isEqualTo(before);
    }

    @Test
    void a_repository_without_a_commit_is_refused() {
        assertRefused(GitRepo.init(temp.resolve("repo")).top, "has no commit yet", "commit something first");
    }

    @Test
    void a_damaged_configuration_is_a_sentence() {
        var repo = GitRepo.reference(temp.resolve("repo"));
        repo.write(".git/config", "[core\n");
        assertRefused(repo.top, "cannot be opened");
    }

    @Test
    void jgit_does_not_measure_the_file_system() throws Exception {
        GitRepo.reference(temp.resolve("repo")).open().close();
        var key = System.getProperty("java.vendor") + "|" + System.getProperty("java.version") + "|"
                + Files.getFileStore(temp).name();

        assertThat(SystemReader.getInstance().getUserConfig().getString("filesystem", key, "timestampResolution"))
                .isEqualTo("2 seconds");
    }

    @Test
    void jgit_writes_nothing_to_the_home_of_the_user() throws Exception {
        GitRepo.reference(temp.resolve("repo")).open().close();
        var config = SystemReader.getInstance().getJGitConfig();
        config.setString("filesystem", "measured", "timestampResolution", "1 s");
        config.save();

        assertThat(SystemReader.getInstance()).isInstanceOf(QuietSystemReader.class);
        assertThat(Path.of(System.getProperty("user.home"), ".jgitconfig")).doesNotExist();
    }
}
