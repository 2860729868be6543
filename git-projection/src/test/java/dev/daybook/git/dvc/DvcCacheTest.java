package dev.daybook.git.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.git.dvc.DvcCache.Stored;
import dev.daybook.git.dvc.DvcOutputs.Output;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DvcCacheTest {

    @TempDir
    Path temp;

    private Path project;
    private DvcCache cache;

    @BeforeEach
    void make_a_project() throws IOException {
        project = Files.createDirectory(temp.resolve("project"));
        cache = DvcCache.of(project);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1 << 20, (1 << 20) + 1, (40 << 20) + 12_345})
    void a_content_of_any_length_is_stored_under_its_md5(int length) throws IOException {
        var content = new byte[length];
        new Random(length).nextBytes(content);
        var expected = new Stored(md5(content), length, 1);
        var file = Files.write(project.resolve("file"), content);

        assertThat(cache.store(file)).isEqualTo(expected);
        assertThat(cache.path(expected.hash())).hasBinaryContent(content);
        assertThat(Files.getPosixFilePermissions(cache.path(expected.hash())))
                .isEqualTo(PosixFilePermissions.fromString("r--r--r--"));
        assertThat(cache.store(new ByteArrayInputStream(content))).isEqualTo(expected);
        assertThat(leftovers()).isEmpty();
        assertThat(file).hasBinaryContent(content);
        assertThat(Files.isWritable(file)).isTrue();
    }

    @Test
    void the_cache_is_where_dvc_looks_for_it() throws IOException {
        var stored = cache.store(bytes("x"));

        assertThat(cache.path(stored.hash()))
                .isEqualTo(project.resolve(".dvc/cache/files/md5/9d/d4e461268c8034f5c8564e155c67a6"))
                .hasContent("x");
        assertThat(cache.gives(stored.hash(), stored.bytes())).isTrue();
        assertThat(cache.gives(stored.hash(), 2)).isFalse();
        assertThat(cache.gives("0".repeat(32), 1)).isFalse();
    }

    @Test
    void the_list_of_a_folder_is_in_the_order_of_code_points_as_python_has_it() throws IOException {
        var file = Files.writeString(temp.resolve("any"), "any");
        // the last one is two halves in Java, which are less than the one before it
        var inOrder = List.of("A/z", "Z", "a", "\u00e4", "\uff61", "\ud83d\ude00");
        var files = new TreeMap<String, Path>();
        inOrder.forEach(name -> files.put(name, file));
        assertThat(files.keySet()).doesNotContainSequence("\uff61", "\ud83d\ude00");

        var stored = cache.store(files);

        assertThat(cache.files(folder(stored.hash())).keySet()).containsExactlyElementsOf(inOrder);
    }

    /** As a pointer names it. */
    private static Output folder(String hash) {
        return new Output("data", hash, 0, 0, Optional.empty(), false, false, true);
    }

    @Test
    void a_list_that_is_not_what_its_hash_names_is_not_read() throws IOException {
        var stored = cache.store(new TreeMap<>(Map.of("a", Files.writeString(temp.resolve("any"), "any"))));
        var object = cache.path(stored.hash());
        var list = Files.readString(object);
        assertThat(object.toFile().setWritable(true)).isTrue();
        Files.writeString(object, list.replace("\"a\"", "\"b\""));

        assertThatThrownBy(() -> cache.files(folder(stored.hash())))
                .isInstanceOf(IOException.class)
                .hasMessage("it is not the list that its hash names");
        Files.writeString(object, list);
        assertThat(cache.files(folder(stored.hash()))).containsOnlyKeys("a");
    }

    @Test
    void a_folder_is_the_list_of_its_files() throws IOException {
        var files = new TreeMap<String, Path>();
        for (var name : List.of("b.txt", "A/b.txt", "A/empty")) {
            files.put(name, Files.writeString(temp.resolve("f" + files.size()), name.endsWith("empty") ? "" : name));
        }
        files.put("large", Files.write(temp.resolve("large"), new byte[3 << 20]));

        var stored = cache.store(files);

        assertThat(stored.bytes()).isEqualTo(5 + 7 + (3 << 20));
        assertThat(stored.files()).isEqualTo(4);
        assertThat(stored.isFolder()).isTrue();
        var list = Files.readString(cache.path(stored.hash()));
        assertThat(list)
                .isEqualTo("[" + entry("A/b.txt", bytesOf("A/b.txt")) + ", " + entry("A/empty", new byte[0]) + ", "
                        + entry("b.txt", bytesOf("b.txt")) + ", " + entry("large", new byte[3 << 20]) + "]");
        assertThat(stored.hash()).isEqualTo(md5(bytesOf(list)) + ".dir");
        assertThat(cache.path(md5(bytesOf("A/b.txt")))).hasContent("A/b.txt");
        assertThat(leftovers()).isEmpty();
    }

    private static String entry(String path, byte[] content) {
        return "{\"md5\": \"" + md5(content) + "\", \"relpath\": \"" + path + "\"}";
    }

    @Test
    void an_empty_folder_has_the_hash_that_dvc_gives_it() throws IOException {
        assertThat(cache.store(Map.of())).isEqualTo(new Stored("d751713988987e9331980363e24189ce.dir", 0, 0));
    }

    @Test
    void an_object_that_is_there_is_kept_and_one_that_was_cut_is_replaced() throws IOException {
        var path = cache.path(cache.store(bytes("whole")).hash());
        var key = Files.readAttributes(path, "fileKey").get("fileKey");

        cache.store(bytes("whole"));
        assertThat(Files.readAttributes(path, "fileKey")).containsEntry("fileKey", key);

        Files.delete(path);
        Files.writeString(path, "who");
        cache.store(bytes("whole"));
        assertThat(path).hasContent("whole");
    }

    @Test
    void many_writers_of_one_content_are_fine() throws Exception {
        var content = new byte[2 << 20];
        var threads = Executors.newFixedThreadPool(8);
        try {
            var tasks = new ArrayList<Callable<Stored>>();
            for (int i = 0; i < 40; i++) {
                tasks.add(() -> cache.store(new ByteArrayInputStream(content)));
            }
            for (var each : threads.invokeAll(tasks)) {
                assertThat(each.get()).isEqualTo(new Stored(md5(content), content.length, 1));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(cache.path(md5(content))).hasBinaryContent(content);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void a_source_that_fails_leaves_nothing() throws IOException {
        var failing = new InputStream() {
            private int left = 30 << 20;

            @Override
            public int read() throws IOException {
                throw new IOException("the source is gone");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (left == 0) {
                    return read();
                }
                int given = Math.min(length, left);
                left -= given;
                return given;
            }
        };
        assertThatThrownBy(() -> cache.store(failing))
                .isInstanceOf(IOException.class)
                .hasMessage("the source is gone");
        assertThat(leftovers()).isEmpty();
        assertThat(project.resolve(".dvc/cache/files")).doesNotExist();
    }

    @Test
    void what_is_no_regular_file_is_never_opened() throws Exception {
        var fifo = temp.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> cache.store(fifo))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(fifo + ": it is no regular file");
    }

    @Test
    void what_a_dead_process_has_left_is_swept_after_an_hour() throws IOException {
        cache.store(bytes("x"));
        var workshop = project.resolve(".dvc/cache/daybook");
        var old = Files.createFile(workshop.resolve("old.tmp"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        var young = Files.createFile(workshop.resolve("young.tmp"));

        cache.store(bytes("y"));

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void a_hard_link_is_made_only_where_the_configuration_prefers_it_to_a_copy() throws IOException {
        var file = Files.writeString(project.resolve("file"), "linked");
        Files.createDirectories(project.resolve(".dvc"));
        for (var each : Map.of("copy", false, "reflink,copy,hardlink", false, "\"hardlink, copy\"", true)
                .entrySet()) {
            Files.writeString(project.resolve(".dvc/config"), "[cache]\n    type = " + each.getKey() + "\n");
            var configured = DvcCache.of(project);
            var path = configured.path(md5(bytesOf("linked")));
            Files.deleteIfExists(path);

            configured.store(file);

            assertThat(path).hasContent("linked");
            assertThat(Files.isSameFile(path, file)).as(each.getKey()).isEqualTo(each.getValue());
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_program_that_is_linked_stays_one() throws IOException {
        var file = Files.writeString(project.resolve("run.sh"), "linked");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(project.resolve(".dvc"));
        Files.writeString(project.resolve(".dvc/config"), "[cache]\n    type = hardlink\n");

        DvcCache.of(project).store(file);

        assertThat(Files.isSameFile(DvcCache.of(project).path(md5(bytesOf("linked"))), file))
                .isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("r-xr-xr-x");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void folders_of_a_shared_cache_are_the_groups_too() throws IOException {
        Files.createDirectories(project.resolve(".dvc"));
        Files.writeString(project.resolve(".dvc/config"), "[cache]\n    shared = group\n");
        var shared = DvcCache.of(project);

        var stored = shared.store(bytes("x"));

        for (var folder : List.of(".dvc/cache", ".dvc/cache/daybook", ".dvc/cache/files/md5")) {
            assertThat((int) Files.getAttribute(project.resolve(folder), "unix:mode") & 07777)
                    .as(folder)
                    .isEqualTo(02775);
        }
        assertThat((int) Files.getAttribute(shared.path(stored.hash()).resolveSibling(""), "unix:mode") & 07777)
                .isEqualTo(02775);
    }

    @Test
    void the_configuration_may_put_the_cache_elsewhere() throws IOException {
        Files.createDirectories(project.resolve(".dvc"));
        Files.writeString(project.resolve(".dvc/config"), """
            [core]
                remote = dir
            ['remote "dir"']
                dir = /nowhere
            [cache]
                dir = ../../shared # beside the project
            """);
        assertThat(DvcConfig.read(project)).isEqualTo(new DvcConfig(temp.resolve("shared"), false, false));

        Files.writeString(
                project.resolve(".dvc/config.local"), "[cache]\ndir='" + temp + "/local'\ntype = 'symlink'\n");
        var stored = DvcCache.of(project).store(bytes("x"));

        assertThat(temp.resolve("local/files/md5/9d/d4e461268c8034f5c8564e155c67a6"))
                .hasContent("x");
        assertThat(stored.hash()).startsWith("9d");
        assertThat(project.resolve(".dvc/cache")).doesNotExist();
    }

    private List<String> leftovers() throws IOException {
        try (var files = Files.list(project.resolve(".dvc/cache/daybook"))) {
            return files.map(Path::toString).toList();
        }
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(bytesOf(text));
    }

    private static byte[] bytesOf(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String md5(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "null",
                "{}",
                "{\"x\": {\"md5\": \"7fc56270e7a70fa81a5935b72eacbe29\", \"relpath\": \"a\"}}",
                "[1]",
                "[{\"md5\": \"7fc56270e7a70fa81a5935b72eacbe29\"}]",
                "[{\"md5\": \"7fc56270e7a70fa81a5935b72eacbe29\", \"relpath\": \"\"}]",
                "[{\"md5\": \"7fc56270e7a70fa81a5935b72eacbe29\", \"relpath\": 5}]",
                "[{\"md5\": \"7fc5\", \"relpath\": \"a\"}]",
                "[{\"md5\": \"7fc56270e7a70fa81a5935b72eacbe29\", \"relpath\": \"a\"},"
                        + "{\"md5\": \"0cc175b9c0f1b6a831c399e269772661\", \"relpath\": \"a\"}]",
            })
    void what_is_no_list_is_never_read_as_an_empty_folder(String text) {
        assertThatThrownBy(() -> DirObject.read(text.getBytes(UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessage("it is no list of a folder's files");
    }
}
