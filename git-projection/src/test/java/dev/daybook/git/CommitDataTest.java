package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.git.dvc.DvcCache.Stored;
import dev.daybook.git.dvc.DvcPipeline.Found;
import dev.daybook.lifecycle.Event.ArtifactAdded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hashes, sizes and numbers of files are those that {@code dvc repro} 3.67.1 writes on the same files. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CommitDataTest {

    private static final String A = "9dd4e461268c8034f5c8564e155c67a6";
    private static final String B = "2fb1c5cf58867b5bbc9a1b145a86f3a0";
    private static final String C = "f3abb86bd34cf4d52698f14c0da1dc60";
    private static final String DATA = "24a6fc1ab52c332fac988ab71a3a831d.dir";

    @TempDir
    Path temp;

    private GitRepo repo;
    private Repository repository;

    @BeforeEach
    void a_repository_with_dependencies_of_all_kinds() throws IOException {
        repo = GitRepo.reference(temp.resolve("repo"))
                .write(".dvcignore", "*.log\n/src/skip/\n")
                .write("src/a.py", "one\n")
                .write("src/pkg/b.py", "two\n")
                .write("src/run.log", "ignored\n")
                .write("src/skip/c.py", "skipped\n")
                .write("mixed/readme.md", "git\n")
                .write("raw.bin.dvc", pointer("raw.bin", "bdd166af3a63f7be696dd17a218a6ffb", 3))
                .write(".gitignore", "/data\n/raw.bin\n")
                .write("mixed/deep/.gitignore", "/big.bin\n")
                .write("mixed/deep/big.bin.dvc", pointer("big.bin", "d861877da56b8b4ceb35c8cbfdf65bb4", 3))
                .write("data.dvc", pointer("data", DATA, 6, 3))
                .write("other/dvc.yaml", "stages:\n  prep:\n    cmd: x\n    outs:\n    - out\n")
                .write("other/dvc.lock", """
                        schema: '2.0'
                        stages:
                          prep:
                            cmd: x
                            outs:
                            - path: out
                              hash: md5
                              md5: 82e116dc2205eafbcdb284cbdb5aa844.dir
                              size: 1
                              nfiles: 1
                        """);
        Files.createSymbolicLink(repo.top.resolve("src/link.py"), Path.of("a.py"));
        assertThat(repo.top.resolve("src/pkg/b.py").toFile().setExecutable(true))
                .isTrue();
        repo.commit("all");
        store(A, "x");
        store(B, "yy");
        store(C, "zzz");
        store(DATA, "[%s, %s, %s]".formatted(entry(A, "a.txt"), entry(B, "sub/b.txt"), entry(C, "sub/c.txt")));
        repository = Repositories.open(repo.top);
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private static String pointer(String path, String md5, int bytes) {
        return "outs:\n- md5: " + md5 + "\n  size: " + bytes + "\n  hash: md5\n  path: " + path + "\n";
    }

    private static String pointer(String path, String md5, int bytes, int files) {
        return pointer(path, md5, bytes).replace("  hash:", "  nfiles: " + files + "\n  hash:");
    }

    /** Of a folder's list. */
    private static String entry(String md5, String path) {
        return "{\"md5\": \"" + md5 + "\", \"relpath\": \"" + path + "\"}";
    }

    private void store(String md5, String content) throws IOException {
        var object = repo.object(md5);
        Files.createDirectories(object.resolveSibling(""));
        Files.writeString(object, content);
    }

    private Found find(String path, ArtifactAdded... outputs) throws IOException {
        return find(path, Map.of(), outputs);
    }

    private Found find(String path, Map<String, String> edited, ArtifactAdded... outputs) throws IOException {
        try (var objects = new PackedObjects(repository)) {
            var code = ObjectId.fromString(repo.git("write-tree"));
            var files = new EditedFiles(objects, new TreeEditor(objects.reader(), code), Map.of());
            for (var file : edited.entrySet()) {
                files.put(file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
            }
            var projects = new DvcProjects(repo.top, repository);
            return new CommitData(files, ObjectId.fromString(repo.head()), "dvclive", projects, List.of(outputs))
                    .find(path);
        }
    }

    private static Found folder(String hash, long bytes, long files) {
        return new Found.Data(new Stored(hash, bytes, files), false);
    }

    @ParameterizedTest
    @CsvSource({
        "src, 99ac24fdf72f9bb576d4fb2e9cb3246d.dir, 12, 3",
        "src/pkg, 8ac7bed824266c22ae53b6ccce860b52.dir, 4, 1",
        "mixed, 8592ad71abc6475180f8a19ccf7adb55.dir, 100, 4",
        "data, 24a6fc1ab52c332fac988ab71a3a831d.dir, 6, 3",
        "data/sub, 3bae7ea8e74c41b328c3ab5a398c9fea.dir, 5, 2",
        "other/out, 82e116dc2205eafbcdb284cbdb5aa844.dir, 1, 1"
    })
    void a_folder_is_the_list_of_what_git_and_the_cache_have_in_it(String path, String hash, long bytes, long files)
            throws IOException {
        assertThat(find(path)).isEqualTo(folder(hash, bytes, files));
    }

    @ParameterizedTest
    @CsvSource({
        "raw.bin, bdd166af3a63f7be696dd17a218a6ffb, 3",
        "data/a.txt, 9dd4e461268c8034f5c8564e155c67a6, 1",
        "data/sub/c.txt, f3abb86bd34cf4d52698f14c0da1dc60, 3",
        "src/link.py, 5bbf5a52328e7439ae6e719dfe712200, 4"
    })
    void a_file_is_found_by_itself_and_in_a_folder(String path, String hash, long bytes) throws IOException {
        assertThat(find(path)).isEqualTo(new Found.Data(new Stored(hash, bytes, 1), false));
    }

    @Test
    void a_file_that_git_has_may_be_executable() throws IOException {
        assertThat(find("src/pkg/b.py"))
                .isEqualTo(new Found.Data(new Stored("c193497a1a06b2c72230e6146ff47080", 4, 1), true));
    }

    @ParameterizedTest
    @CsvSource({"nothing", "src/nothing", "data/nothing", "../outside", "src/a.py/x"})
    void what_is_not_there_is_nothing(String path) throws IOException {
        assertThat(find(path)).isEqualTo(new Found.Nothing());
    }

    @Test
    void what_the_commit_has_counts_and_not_what_the_code_had() throws IOException {
        assertThat(find("src", Map.of("src/a.py", "three\n")))
                .isEqualTo(folder("9ca27b508097c9a392266c256473a692.dir", 16, 3));
        assertThat(find("data", Map.of("data.dvc", pointer("data", "3bae7ea8e74c41b328c3ab5a398c9fea.dir", 5, 2))))
                .isEqualTo(folder("3bae7ea8e74c41b328c3ab5a398c9fea.dir", 5, 2));
    }

    @Test
    void what_was_added_counts_and_not_what_the_lock_says() throws IOException {
        var added = new ArtifactAdded("other/out", "md5", "3bae7ea8e74c41b328c3ab5a398c9fea.dir", 5, 2);

        assertThat(find("other/out", added)).isEqualTo(folder("3bae7ea8e74c41b328c3ab5a398c9fea.dir", 5, 2));
    }

    @Test
    void what_the_cache_does_not_have_is_not_known() throws IOException {
        Files.delete(repo.object(B));
        assertThat(find("data/sub")).isEqualTo(unknown("'data/sub/b.txt' (" + B + ") is not in DVC's cache"));
        assertThat(find("data/sub/c.txt")).isInstanceOf(Found.Data.class);

        Files.delete(repo.object(DATA));
        assertThat(find("data/sub/c.txt"))
                .isEqualTo(unknown("the list of the folder 'data' (" + DATA + ") is not in DVC's cache"));
        assertThat(find("data")).as("the pointer says it all").isEqualTo(folder(DATA, 6, 3));
    }

    private static Found unknown(String reason) {
        return new Found.Unknown(reason, false);
    }

    @Test
    void what_dvc_refuses_or_cannot_see_is_not_known() throws IOException {
        assertThat(find("src", Map.of("src/pkg/.dvcignore", "x\n")))
                .isEqualTo(unknown("DVC allows no .dvcignore in it"));
        assertThat(find("src/skip")).isEqualTo(new Found.Unknown("DVC ignores it, through a .dvcignore", true));
        assertThat(find("dvclive", Map.of("dvclive/metrics.json", "{}")))
                .isEqualTo(unknown("the experiment's own files stand there"));
        Files.delete(repo.top.resolve("src/link.py"));
        Files.createSymbolicLink(repo.top.resolve("src/link.py"), Path.of("../../outside"));
        repo.git("add", "-A");
        assertThat(find("src")).isEqualTo(unknown("the link 'src/link.py' leads to no file that Git has"));
    }

    @Test
    void the_projects_of_others_are_no_part_of_a_folder() throws IOException {
        repo.write("src/inner/.dvc/config", "").write("src/inner/x.py", "x\n").commit("inner");

        assertThat(find("src")).isEqualTo(folder("99ac24fdf72f9bb576d4fb2e9cb3246d.dir", 12, 3));
    }

    @Test
    void what_is_too_large_is_not_read() throws IOException {
        repo.write("src/large.bin", "0".repeat(64 << 20)).commit("large");
        assertThat(find("src")).isEqualTo(new Found.Unknown("it has more than 67108864 bytes", true));
        assertThat(find("src", Map.of("src/a.py", "three\n"))).isEqualTo(unknown("it has more than 67108864 bytes"));
        assertThat(find("src/large.bin")).isInstanceOf(Found.Data.class);
        assertThat(find("src/pkg")).isEqualTo(folder("8ac7bed824266c22ae53b6ccce860b52.dir", 4, 1));
    }
}
