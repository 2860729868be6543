package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is what git would have written: git reads the pack, and makes the same index of it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PackFileTest {

    /** Around the lengths whose heads have one byte more, and around the buffers. */
    private static final int[] LENGTHS = {
        0, 1, 14, 15, 16, 17, 2_046, 2_047, 2_048, 2_049, 8_191, 8_192, 65_535, 65_536, 65_537, 262_143, 262_144,
        1_000_003
    };

    @TempDir
    Path temp;

    private GitRepo repo;
    private final Random random = new Random(42);

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.init(temp.resolve("repo"));
    }

    private byte[] content(int length, boolean isDense) {
        var bytes = new byte[length];
        if (isDense) {
            random.nextBytes(bytes);
        } else {
            Arrays.fill(bytes, (byte) random.nextInt());
        }
        return bytes;
    }

    @Test
    void git_reads_it_and_makes_the_same_index() throws IOException {
        int count = 0;
        try (var pack = new PackFile(temp.resolve("x.pack"));
                var formatter = new ObjectInserter.Formatter()) {
            for (int length : LENGTHS) {
                for (boolean isDense : new boolean[] {true, false}) {
                    var content = content(length, isDense);
                    var whole = content(length, isDense);
                    assertThat(pack.add(Constants.OBJ_BLOB, length, new ByteArrayInputStream(content)))
                            .isEqualTo(formatter.idFor(Constants.OBJ_BLOB, content));
                    assertThat(pack.add(Constants.OBJ_BLOB, whole))
                            .isEqualTo(formatter.idFor(Constants.OBJ_BLOB, whole));
                    // once more, each way the other one
                    pack.add(Constants.OBJ_BLOB, content);
                    pack.add(Constants.OBJ_BLOB, length, new ByteArrayInputStream(whole));
                }
            }
            count = pack.ids().size();
            pack.finish(temp.resolve("x.idx"));
        }
        repo.git(
                "index-pack",
                "--strict",
                "-o",
                temp.resolve("git.idx").toString(),
                temp.resolve("x.pack").toString());
        assertThat(temp.resolve("x.idx")).hasSameBinaryContentAs(temp.resolve("git.idx"));
        assertThat(repo.git("verify-pack", "-s", temp.resolve("x.pack").toString()))
                .contains("non delta: " + count + " objects");
    }

    @Test
    void objects_can_be_read_before_it_is_finished() throws IOException {
        try (var repository = Repositories.open(GitRepo.reference(temp.resolve("other")).top);
                var pack = new PackFile(temp.resolve("x.pack"));
                ObjectReader reader = pack.reader(repository.newObjectReader())) {
            for (int length : LENGTHS) {
                var content = content(length, true);
                var id = pack.add(Constants.OBJ_BLOB, content);
                var loader = reader.open(id);
                assertThat(loader.getType()).isEqualTo(Constants.OBJ_BLOB);
                assertThat(loader.getBytes()).isEqualTo(content);
            }
            assertThat(reader.open(Repositories.head(repository)).getType()).isEqualTo(Constants.OBJ_COMMIT);
            pack.finish(temp.resolve("x.idx"));
        }
        repo.git("index-pack", "--strict", temp.resolve("x.pack").toString());
    }

    @Test
    void a_content_that_ends_too_soon_is_an_error() throws IOException {
        try (var pack = new PackFile(temp.resolve("x.pack"))) {
            var three = new ByteArrayInputStream("abc".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> pack.add(Constants.OBJ_BLOB, 4, three))
                    .isInstanceOf(EOFException.class)
                    .hasMessage("instead of 4 bytes there are 3");
        }
        assertThat(Files.exists(temp.resolve("x.idx"))).isFalse();
    }
}
