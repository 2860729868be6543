package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Chain;
import dev.daybook.port.Cut;
import dev.daybook.port.JournalReading;
import dev.daybook.port.JournalReading.Item;
import dev.daybook.port.JournalReading.MetricItem;
import dev.daybook.port.MetricBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks of several slots that several writers fill in place, written here byte by byte as {@link Frame} says, and read meanwhile. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BlockTest {

    private static final ExperimentId ONE = Samples.id(1);
    private static final ExperimentId TWO = Samples.id(2);
    private static final int CAPACITY = 1 << 20;

    private static byte[] metadata = {};

    @TempDir
    private Path directory;

    private final byte[] image = new byte[CAPACITY];
    private final CRC32C crc = new CRC32C();
    private final List<Item> given = new ArrayList<>();
    private int end;
    private long documents;

    @BeforeAll
    static void record(@TempDir Path original) {
        try (var journal = Samples.open(original)) {
            Samples.begin(journal, ONE);
        }
        var queue = Samples.queue(original);
        var first = Samples.documents(Samples.place(original.resolve("copy"), queue))
                .get(0);
        metadata = Arrays.copyOf(queue, first.start());
    }

    /** A block as it was written here: filled slot by slot. */
    private final class Block {
        private final ExperimentId id;
        private final MetricTrack track;
        private final int payload;
        private int filled;

        Block(ExperimentId id, MetricTrack track, int slots) {
            this.id = id;
            this.track = track;
            var bytes = new byte[Frame.metricsBytes(slots)];
            var buffer = Frame.over(bytes);
            buffer.put(Frame.KIND, Frame.METRICS);
            buffer.put(Frame.FRAME_VERSION, Frame.VERSION);
            buffer.putLong(Frame.DOCUMENT, documents);
            Frame.putId(buffer, id.uuid());
            buffer.putInt(Frame.WRITER, track.writer());
            buffer.putInt(Frame.SLOTS, slots);
            buffer.putInt(Frame.CRC, Frame.crc(crc, bytes, Frame.FIRST_SLOT));
            payload = add(bytes, bytes.length);
        }

        MetricItem fill() {
            int at = payload + Frame.FIRST_SLOT + filled++ * Frame.SLOT_BYTES;
            var buffer = Frame.over(image);
            long step = track.records();
            double value = step / 4.0;
            buffer.putInt(at, track.nextSequence());
            buffer.putInt(at + Frame.SLOT_METRIC, track.writer());
            buffer.putLong(at + Frame.SLOT_STEP, step);
            buffer.putDouble(at + Frame.SLOT_VALUE, value);
            buffer.putLong(at + Frame.SLOT_TIME, TIME.toEpochMilli());
            // as the layout says, byte by byte
            crc.reset();
            crc.update(image, payload + Frame.DOCUMENT, Long.BYTES);
            crc.update(image, payload + Frame.WRITER, Integer.BYTES);
            crc.update(image, at, Frame.SLOT_CRC);
            int checksum = (int) crc.getValue();
            buffer.putInt(at + Frame.SLOT_CRC, checksum);
            track.add(checksum);
            return new MetricItem(id, track.writer(), step, Double.doubleToRawLongBits(value), TIME.toEpochMilli());
        }
    }

    private int add(byte[] bytes, int length) {
        if (end == 0) {
            System.arraycopy(metadata, 0, image, 0, metadata.length);
            end = metadata.length;
        }
        Frame.over(image).putInt(end, length);
        int payload = end + QueueFile.HEADER_BYTES;
        System.arraycopy(bytes, 0, image, payload, length);
        end = payload + length;
        documents++;
        return payload;
    }

    private void begin(ExperimentId id, MetricTrack... tracks) {
        var cut = new Cut(Arrays.stream(tracks).map(MetricTrack::cut).toList());
        var bytes = EventCodec.encode(new Event.Tagged("first"));
        var chain = Chain.start(id).next(0, 0, cut, bytes);
        var frame = new FrameWriter();
        frame.event(documents, id, 0, 0, cut, chain, bytes);
        add(frame.bytes(), frame.length());
    }

    private JournalGeneration place() {
        Samples.place(directory, image);
        return Samples.generation(directory);
    }

    /** Brings the file up to date, as a writer does that has it mapped. */
    private void write() {
        try {
            Files.write(JournalDirectory.queue(directory.resolve(Samples.GENERATION)), image);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Item> readOn(JournalGeneration generation, long[] cursor) {
        write();
        var reading = new JournalReading();
        cursor[0] = generation.read(cursor[0], reading);
        given.addAll(reading.items());
        return reading.items();
    }

    @Test
    void the_filled_slots_of_a_block_are_read_and_the_others_are_not() {
        var track = new MetricTrack(3);
        var block = new Block(ONE, track, 8);
        var expected = List.<Item>of(block.fill(), block.fill(), block.fill());
        begin(ONE, track);
        var generation = place();

        var items = Samples.read(generation);

        assertThat(generation.damage()).isEmpty();
        assertThat(items.subList(0, 3)).isEqualTo(expected);
        assertThat(items).hasSize(4);
        assertThat(Samples.read(generation)).isEqualTo(items);
    }

    @Test
    void of_a_block_whose_first_slots_a_power_cut_has_left_empty_a_sink_is_given_nothing_and_not_an_empty_batch() {
        var block = new Block(ONE, new MetricTrack(0), 4);
        for (int slot = 0; slot < 4; slot++) {
            block.fill();
        }
        Arrays.fill(
                image, block.payload + Frame.FIRST_SLOT, block.payload + Frame.FIRST_SLOT + Frame.SLOT_BYTES, (byte) 0);
        var generation = place();
        var sizes = new ArrayList<Integer>();

        for (int pass = 0; pass < 2; pass++) {
            generation.read(0, new JournalReading() {
                @Override
                public void metrics(ExperimentId id, long document, int slot, MetricBatch batch) {
                    sizes.add(batch.size());
                    super.metrics(id, document, slot, batch);
                }
            });
        }

        assertThat(sizes).isEmpty();
    }

    @Test
    void a_writer_goes_on_in_its_next_block() {
        var track = new MetricTrack(0);
        var expected = new ArrayList<Item>();
        for (int slots = 1; slots <= 5; slots++) {
            var block = new Block(ONE, track, slots);
            for (int i = 0; i < (slots + 1) / 2; i++) {
                expected.add(block.fill());
            }
        }
        begin(ONE, track);
        var generation = place();

        assertThat(Samples.read(generation).subList(0, expected.size())).isEqualTo(expected);
        assertThat(generation.damage()).isEmpty();
    }

    @Test
    void a_reader_that_follows_is_given_each_record_once_although_blocks_lie_side_by_side() throws IOException {
        var first = new MetricTrack(0);
        var second = new MetricTrack(1);
        var other = new MetricTrack(0);
        try (var lock = alive()) {
            var generation = Samples.generation(directory);
            var cursor = new long[1];
            var one = new Block(ONE, first, 4);
            var two = new Block(ONE, second, 4);
            var three = new Block(TWO, other, 4);
            assertThat(readOn(generation, cursor)).isEmpty();

            var expected = List.<Item>of(two.fill(), three.fill());
            assertThat(readOn(generation, cursor)).isEqualTo(expected);
            expected = List.of(one.fill(), one.fill(), two.fill());
            assertThat(readOn(generation, cursor)).isEqualTo(expected);
            assertThat(readOn(generation, cursor)).isEmpty();

            expected = List.of(one.fill(), two.fill());
            begin(ONE, first, second);
            assertThat(readOn(generation, cursor)).hasSize(3).startsWith(expected.toArray(Item[]::new));
            var last = three.fill();
            begin(TWO, other);
            assertThat(readOn(generation, cursor)).hasSize(2).startsWith(last);

            assertThat(generation.isAlive()).isTrue();
            assertThat(generation.damage()).isEmpty();
            assertThat(Samples.read(generation)).containsExactlyInAnyOrderElementsOf(given);
            assertThat(Samples.read(Samples.generation(directory))).containsExactlyInAnyOrderElementsOf(given);
            assertThat(lock).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_reader_that_follows_keeps_the_order_of_a_thread_that_was_given_another_block_or_writer_meanwhile(int writer)
            throws IOException {
        var first = new MetricTrack(0);
        var second = writer == 0 ? first : new MetricTrack(writer);
        try (var lock = alive();
                var file = new RandomAccessFile(Samples.place(directory, image).toFile(), "rw")) {
            var one = new Block(ONE, first, 4);
            var other = new Block(TWO, new MetricTrack(0), 4);
            file.write(image);
            var generation = Samples.generation(directory);
            generation.read(0, new JournalReading());
            var expected = new ArrayList<Item>();
            expected.add(other.fill());
            file.seek(0);
            file.write(image);

            var reading = new JournalReading() {
                @Override
                public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {
                    super.metric(id, metric, step, value, epochMilli);
                    if (id.equals(TWO)) {
                        // the block of one has been looked at: now a thread logs there, and then in its new one
                        expected.add(one.fill());
                        expected.add(new Block(ONE, second, 4).fill());
                        write(file);
                    }
                }
            };
            generation.read(end(generation), reading);

            assertThat(reading.items()).isEqualTo(expected);
            assertThat(lock).isNotNull();
        }
    }

    private static long end(JournalGeneration generation) {
        return generation.mark(ONE).end();
    }

    private void write(RandomAccessFile file) {
        try {
            file.seek(0);
            file.write(image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void reading_again_does_not_run_ahead_of_what_was_checked() throws IOException {
        var track = new MetricTrack(0);
        try (var lock = alive()) {
            var generation = Samples.generation(directory);
            var cursor = new long[1];
            var block = new Block(ONE, track, 4);
            var record = block.fill();
            readOn(generation, cursor);
            var next = block.fill();
            write();

            assertThat(Samples.read(generation)).containsExactly(record, next);
            assertThat(readOn(generation, cursor)).isEmpty();
            begin(ONE, track);
            assertThat(readOn(generation, cursor)).hasSize(1);
            assertThat(generation.damage()).isEmpty();
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void a_bad_slot_ends_its_experiment_and_no_other() {
        var track = new MetricTrack(0);
        var block = new Block(ONE, track, 4);
        var good = block.fill();
        block.fill();
        image[block.payload + Frame.FIRST_SLOT + Frame.SLOT_BYTES + Frame.SLOT_VALUE] ^= 1;
        block.fill();
        begin(TWO);
        begin(ONE, track);
        var generation = place();

        var items = Samples.read(generation);
        assertThat(items).hasSize(2).startsWith(good);
        assertThat(items.get(1).id()).isEqualTo(TWO);
        assertThat(generation.damage(ONE).orElseThrow())
                .contains(
                        "the checksum of record 2 of a writer is wrong",
                        "stands behind 3 metric records of it, but there are 1");
        assertThat(generation.damage(TWO)).isEmpty();
        assertThat(generation.damage()).isEqualTo(generation.damage(ONE));
        assertThat(Samples.read(generation)).isEqualTo(items);
        assertThat(Samples.read(Samples.generation(directory))).isEqualTo(items);
    }

    @Test
    void a_block_of_which_no_slot_was_filled_is_missed_by_nobody() {
        var track = new MetricTrack(0);
        var record = new Block(ONE, track, 4).fill();
        new Block(ONE, new MetricTrack(1), 4);
        begin(ONE, track);
        var generation = place();

        assertThat(Samples.read(generation)).hasSize(2).startsWith(record);
        assertThat(generation.damage()).isEmpty();
    }

    @Test
    void a_bad_slot_of_a_large_block_takes_nothing_with_it_that_stands_before_it() {
        var track = new MetricTrack(0);
        var block = new Block(ONE, track, 300);
        var records = new ArrayList<Item>();
        for (int slot = 0; slot < 300; slot++) {
            records.add(block.fill());
        }
        var generation = place();
        assertThat(Samples.read(generation)).isEqualTo(records);
        image[block.payload + Frame.FIRST_SLOT + 40 * Frame.SLOT_BYTES + Frame.SLOT_VALUE] ^= 1;
        var damaged = place();

        assertThat(Samples.read(damaged)).isEqualTo(records.subList(0, 40));
        assertThat(damaged.damage().orElseThrow()).contains("the checksum of record 41 of a writer is wrong");
    }

    @Test
    void a_hole_in_a_block_is_seen_by_the_next_event() {
        var track = new MetricTrack(0);
        var block = new Block(ONE, track, 4);
        var good = block.fill();
        block.fill();
        int slot = block.payload + Frame.FIRST_SLOT + Frame.SLOT_BYTES;
        Arrays.fill(image, slot, slot + Frame.SLOT_BYTES, (byte) 0);
        begin(ONE, track);
        var generation = place();

        assertThat(Samples.read(generation)).containsExactly(good);
        assertThat(generation.damage().orElseThrow())
                .contains("event 0 of experiment " + ONE
                        + " stands behind 2 metric records of it, but there are 1, or others");
    }

    @Test
    void a_record_in_the_place_of_another_one_of_its_block_is_not_taken() {
        var track = new MetricTrack(0);
        var block = new Block(ONE, track, 4);
        var good = block.fill();
        block.fill();
        block.fill();
        int second = block.payload + Frame.FIRST_SLOT + Frame.SLOT_BYTES;
        System.arraycopy(image, second + Frame.SLOT_BYTES, image, second, Frame.SLOT_BYTES);
        var generation = place();

        assertThat(Samples.read(generation)).containsExactly(good);
        assertThat(generation.damage().orElseThrow()).contains("record 2 of a writer is missing: there is 3");
    }

    @Test
    void a_slot_of_another_block_is_not_taken() {
        var track = new MetricTrack(0);
        var block = new Block(ONE, track, 2);
        var good = block.fill();
        int from = block.payload + Frame.FIRST_SLOT;
        var next = new Block(ONE, track, 2);
        next.fill();
        System.arraycopy(image, from, image, next.payload + Frame.FIRST_SLOT, Frame.SLOT_BYTES);
        Frame.over(image).putInt(next.payload + Frame.FIRST_SLOT, 2);
        var generation = place();

        assertThat(Samples.read(generation)).containsExactly(good);
        assertThat(generation.damage()).isPresent();
    }

    private LivenessLock alive() throws IOException {
        var generation = Files.createDirectories(directory.toRealPath().resolve(Samples.GENERATION));
        var lock = JournalDirectory.lock(generation);
        return LivenessLock.take(lock, lock);
    }

    @Test
    void a_document_holds_nothing_of_the_one_that_was_made_before_it() {
        var event = new byte[1];
        var used = new FrameWriter();
        var rest = new byte[300];
        Arrays.fill(rest, (byte) -1);
        used.event(0, ONE, 0, 0, Cut.NONE, Chain.start(ONE), rest);
        used.event(1, TWO, 0, 0, Cut.NONE, Chain.start(TWO), event);
        var fresh = new FrameWriter();
        fresh.event(1, TWO, 0, 0, Cut.NONE, Chain.start(TWO), event);

        assertThat(used.length()).isEqualTo(fresh.length());
        assertThat(Arrays.copyOf(used.bytes(), used.length())).isEqualTo(Arrays.copyOf(fresh.bytes(), fresh.length()));
    }
}
