package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.port.JournalSettings;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SpaceTest {

    private static final long LIMIT = 64L << 20;
    private static final long FAR = 40L << 20;
    private static final long MOST = 128L << 20;
    private static final long DOCUMENT = 1L << 20;

    @TempDir
    Path folder;

    @Test
    void who_is_interrupted_secures_room_all_the_same_and_stays_interrupted() throws IOException {
        var path = Files.createFile(folder.resolve("queue"));
        try (var space = new Space(path, 0, LIMIT)) {
            Thread.currentThread().interrupt();

            space.require(FAR);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(space.isLow(FAR - Space.MARGIN)).isTrue();
            space.secureAhead(FAR);
            assertThat(space.isLow(FAR)).isFalse();
            var window = space.windowAt(FAR);
            window.memory().put((int) (FAR - window.base()), (byte) 7);
            space.trim(FAR + Long.BYTES);
        }
        assertThat(Files.size(path)).isEqualTo(FAR + (8 << 10));
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(FAR);
            assertThat(file.readByte()).isEqualTo((byte) 7);
        }
    }

    @Test
    void a_file_is_not_kept_longer_than_the_collector_takes_for_no_documents() throws IOException {
        var path = Files.createFile(folder.resolve("queue"));
        try (var space = new Space(path, 0, JournalSettings.defaults(false).generationBytes())) {
            for (long end = 0; end < MOST; end += DOCUMENT) {
                space.require(end + Space.MARGIN);
                space.secureAhead(end);

                assertThat(Files.size(path) - end).isLessThanOrEqualTo(Space.MOST_LONGER);
            }
        }
    }

    @Test
    void a_block_may_go_on_behind_the_window_that_it_begins_in() throws IOException {
        var path = Files.createFile(folder.resolve("queue"));
        int block = 64 << 10;
        long border = 16L << 20;
        try (var space = new Space(path, 0, LIMIT)) {
            space.require(border + block);
            var window = space.windowAt(border - 1);
            assertThat(window.base()).isZero();
            window.memory().put((int) border + block - 1, (byte) 7);
            assertThat(space.windowAt(border).base()).isEqualTo(border);
            assertThat(space.windowAt(border).memory().get(block - 1)).isEqualTo((byte) 7);
        }
    }
}
