package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.journal.QueueFile.Found;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class QueueFileTest {

    private static final long LONG = 64L << 20;
    private static final long SHORT = 1L << 20;
    private static final int ROUNDS = 50;

    @TempDir
    Path folder;

    @Test
    void a_file_that_is_cut_to_its_end_between_two_reads_is_read_on() throws Exception {
        try (var open = new RandomAccessFile(folder.resolve("queue").toFile(), "rw")) {
            open.setLength(LONG);
            var file = new QueueFile(folder.resolve("queue"));
            assertThat(file.find(LONG / 2)).isEqualTo(Found.END);
            open.setLength(SHORT);

            assertThat(file.find(0)).isEqualTo(Found.END);
            assertThat(file.available(Integer.MAX_VALUE)).isEqualTo((int) SHORT - QueueFile.HEADER_BYTES);
        }
    }

    @Test
    void a_file_that_is_cut_to_its_end_while_it_is_mapped_is_read_on() throws Exception {
        var cutter = Executors.newSingleThreadExecutor();
        try (var open = new RandomAccessFile(folder.resolve("queue").toFile(), "rw")) {
            for (int round = 0; round < ROUNDS; round++) {
                open.setLength(LONG);
                var file = new QueueFile(folder.resolve("queue"));
                var cut = cutter.submit(() -> {
                    open.setLength(SHORT);
                    return null;
                });
                do {
                    file.unmap();
                    assertThat(file.find(0)).isEqualTo(Found.END);
                } while (!cut.isDone());
                cut.get();
            }
        } finally {
            cutter.shutdown();
        }
    }
}
