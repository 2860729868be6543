package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.journal.QueueFile.Found;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    void a_document_is_found_however_far_behind_the_beginning_it_stands() throws Exception {
        long far = 600L << 20;
        try (var open = new RandomAccessFile(folder.resolve("queue").toFile(), "rw")) {
            open.seek(far);
            open.write(new byte[] {8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
        }
        var file = new QueueFile(folder.resolve("queue"));

        assertThat(file.find(far)).isEqualTo(Found.DOCUMENT);
        assertThat(file.start()).isEqualTo(far);
        assertThat(file.acquireInt(file.payload())).isEqualTo(0x0403_0201);
    }

    /** Five bytes of padding are a length of four bytes, and nothing behind it. */
    @Test
    void metadata_with_the_shortest_padding_of_a_stated_length_is_passed_over() throws Exception {
        var metadata = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        metadata.put((byte) 0xB9).put((byte) 5).put("index".getBytes(StandardCharsets.US_ASCII));
        metadata.put((byte) 0x8E).putInt(0);
        metadata.put((byte) 0x8D).putLong(1).putLong(0).putLong(0);
        int length = metadata.position();
        var bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0x4000_0000 | length).put(metadata.array()).putInt(4).putInt(7);
        var path = Files.write(folder.resolve("queue"), bytes.array());
        var file = new QueueFile(path);

        assertThat(file.find(0)).isEqualTo(Found.DOCUMENT);
        assertThat(file.start()).isEqualTo(44);
        assertThat(file.length()).isEqualTo(4);
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
