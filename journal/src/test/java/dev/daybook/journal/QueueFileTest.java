package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.journal.QueueFile.Found;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class QueueFileTest {

    private static final long LONG = 64L << 20;
    private static final long SHORT = 1L << 20;
    private static final int ROUNDS = 50;
    private static final long FAR = 256L << 20;
    private static final int BYTES = 1_000;
    private static final int CHUNK = 64 << 10;
    private static final int METADATA_BITS = 8 * 64;

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

    /** Of a file that is longer than what is mapped at a time; most of it is a hole. */
    @Test
    void a_document_over_the_end_of_what_is_mapped_is_read_as_any_other() throws Exception {
        var payload = new byte[BYTES];
        new Random(1).nextBytes(payload);
        long at = FAR - BYTES / 2 / 4 * 4;
        try (var open = new RandomAccessFile(folder.resolve("queue").toFile(), "rw")) {
            open.setLength(FAR + LONG);
            open.seek(at);
            open.writeInt(Integer.reverseBytes(BYTES));
            open.write(payload);
        }
        var file = new QueueFile(folder.resolve("queue"));
        assertThat(file.find(0)).isEqualTo(Found.END);
        for (var reader : List.of(file, file.another())) {
            var found = new byte[BYTES];

            assertThat(reader.find(at)).isEqualTo(Found.DOCUMENT);
            reader.copy(reader.payload(), found, BYTES);

            assertThat(reader.length()).isEqualTo(BYTES);
            assertThat(found).isEqualTo(payload);
            assertThat(reader.acquireInt(at)).isEqualTo(BYTES);
            assertThat(reader.find(reader.next())).isEqualTo(Found.END);
            assertThat(reader.find(at)).isEqualTo(Found.DOCUMENT);
            assertThat(reader.another().acquireInt(at)).isEqualTo(BYTES);
            assertThat(reader.acquireInt(0)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK - 1, 5 * CHUNK + 7})
    void the_last_byte_that_is_not_zero_is_found_wherever_it_is(int last) throws Exception {
        try (var open = new RandomAccessFile(folder.resolve("queue").toFile(), "rw")) {
            open.setLength(5 * CHUNK + 8);
            open.seek(last);
            open.write(1);
            var file = new QueueFile(folder.resolve("queue"));

            for (int from : new int[] {0, last / 2, last}) {
                assertThat(file.endOfBytes(from)).isEqualTo(last + 1);
            }
            assertThat(file.endOfBytes(last + 1)).isEqualTo(last + 1);
        }
    }

    @Test
    void any_bit_that_is_flipped_in_the_heads_of_chronicles_own_metadata_is_reported_or_harmless() throws IOException {
        try (var journal = Samples.openWithBlocksOfOne(folder.resolve("original"))) {
            Samples.write(journal);
        }
        var queue = Samples.queue(folder.resolve("original"));
        var path = Samples.place(folder, queue);
        var items = Samples.read(Samples.generation(folder));
        assertThat(isMetadata(queue, 0)).isTrue();
        try (var open = new RandomAccessFile(path.toFile(), "rw")) {
            for (int head = 0; isMetadata(queue, head); head = next(queue, head)) {
                for (int bit = 0; bit < METADATA_BITS; bit++) {
                    int at = head + bit / 8;
                    open.seek(at);
                    open.write(queue[at] ^ 1 << bit % 8);
                    RecoveryTest.assertReportedOrHarmless(
                            "bit " + bit + " behind " + head, Samples.generation(folder), items);
                    open.seek(at);
                    open.write(queue[at]);
                }
            }
        }
    }

    private static boolean isMetadata(byte[] queue, int head) {
        return (Frame.over(queue).getInt(head) & 1 << 30) != 0;
    }

    private static int next(byte[] queue, int head) {
        int length = Frame.over(queue).getInt(head) & (1 << 30) - 1;
        return head + QueueFile.HEADER_BYTES + (length + 3 & -4);
    }
}
