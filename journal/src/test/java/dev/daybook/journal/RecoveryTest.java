package dev.daybook.journal;

import static dev.daybook.journal.Samples.documents;
import static dev.daybook.journal.Samples.generation;
import static dev.daybook.journal.Samples.id;
import static dev.daybook.journal.Samples.place;
import static dev.daybook.journal.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.journal.Samples.Extent;
import dev.daybook.port.Entry;
import dev.daybook.port.JournalReading;
import dev.daybook.port.JournalReading.Item;
import dev.daybook.port.Mark;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
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

/** What is left of a generation whose file was cut, flipped or overwritten. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RecoveryTest {

    private static byte[] queue = {};
    private static List<Item> items = List.of();
    private static List<Extent> documents = List.of();

    @TempDir
    private Path directory;

    @BeforeAll
    static void record(@TempDir Path original, @TempDir Path copy) {
        try (var journal = Samples.openWithBlocksOfOne(original)) {
            Samples.write(journal);
        }
        queue = Samples.queue(original);
        documents = documents(place(copy, queue));
        var generation = generation(copy);
        items = read(generation);
        assertThat(generation.damage()).isEmpty();
        assertThat(items).hasSize(16).hasSameSizeAs(documents);
    }

    @Test
    void a_cut_at_any_byte_leaves_the_documents_before_it() throws IOException {
        int first = documents.get(0).start();
        try (var open = new RandomAccessFile(place(directory, queue).toFile(), "rw")) {
            for (int cut = queue.length; cut >= 0; cut -= cut > first ? 1 : 997) {
                open.setLength(cut);
                assertCut(cut, generation(directory));
            }
            open.setLength(0);
            assertCut(0, generation(directory));
        }
    }

    private static void assertCut(int cut, JournalGeneration generation) {
        long whole = documents.stream().filter(extent -> extent.end() <= cut).count();
        if (!read(generation).equals(items.subList(0, (int) whole))) {
            throw new AssertionError("cut at " + cut + " leaves " + read(generation));
        }
        boolean inDocument = documents.stream().anyMatch(extent -> extent.start() + 4 <= cut && cut < extent.end());
        if (cut >= documents.get(0).start() && generation.damage().isPresent() != inDocument) {
            throw new AssertionError("cut at " + cut + ": " + generation.damage());
        }
    }

    @Test
    void a_flipped_bit_of_a_document_is_reported_or_harmless_whichever_it_is() throws IOException {
        try (var open = new RandomAccessFile(place(directory, queue).toFile(), "rw")) {
            for (int at = documents.get(0).start(); at < queue.length; at++) {
                for (int bit = 0; bit < 8; bit++) {
                    open.seek(at);
                    open.write(queue[at] ^ 1 << bit);
                    assertReportedOrHarmless("bit " + bit + " of byte " + at, generation(directory), items);
                }
                open.seek(at);
                open.write(queue[at]);
            }
        }
    }

    @Test
    void a_header_that_lost_any_bit_is_reported() throws IOException {
        try (var open = new RandomAccessFile(place(directory, queue).toFile(), "rw")) {
            for (var document : documents) {
                for (int bit = 0; bit < 32; bit++) {
                    int at = document.start() + bit / 8;
                    open.seek(at);
                    open.write(queue[at] ^ 1 << bit % 8);
                    var generation = generation(directory);
                    assertThat(read(generation)).isEqualTo(items.subList(0, documents.indexOf(document)));
                    assertThat(generation.damage())
                            .as("bit " + bit + " of " + document)
                            .isPresent();
                    open.seek(at);
                    open.write(queue[at]);
                }
            }
        }
    }

    @Test
    void the_last_record_of_an_experiment_has_no_witness_until_its_next_event() {
        // not promised: this is what a writer leaves that died just before it published the record
        var last = items.size() - 2;
        var lost = Arrays.copyOf(queue, documents.get(last).end());
        lost[documents.get(last).start() + QueueFile.HEADER_BYTES + Frame.FIRST_SLOT] = 0;
        place(directory, lost);
        var generation = generation(directory);

        assertThat(read(generation)).isEqualTo(items.subList(0, last));
        assertThat(generation.damage()).isEmpty();
    }

    static void assertReportedOrHarmless(String what, JournalGeneration generation, List<Item> items) {
        var found = read(generation);
        requirePrefixes(what, found, items);
        if (found.size() < items.size() && generation.damage().isEmpty()) {
            throw new AssertionError(what + " silently leaves " + found.size());
        }
    }

    /** Of each experiment what was found is the beginning of what was written: a damaged record ends its experiment, and no other one. */
    static void requirePrefixes(String what, List<Item> found, List<Item> items) {
        for (int number = 1; number <= 2; number++) {
            var all = JournalReading.of(Samples.id(number), items);
            var part = JournalReading.of(Samples.id(number), found);
            if (part.size() > all.size() || !part.equals(all.subList(0, part.size()))) {
                throw new AssertionError(what + " makes " + part);
            }
        }
        if (found.stream().anyMatch(item -> !items.contains(item))) {
            throw new AssertionError(what + " makes " + found);
        }
    }

    @Test
    void damage_says_where_it_is_and_what_is_left_behind() {
        var flipped = queue.clone();
        int at = documents.get(4).start();
        flipped[at + QueueFile.HEADER_BYTES + Frame.COMMON_BYTES] ^= 0x10;
        place(directory, flipped);
        var generation = generation(directory);

        assertThat(read(generation)).isEqualTo(items.subList(0, 4));

        assertThat(generation.damage())
                .hasValue("generation " + Samples.GENERATION + " is damaged at document 4, byte " + at
                        + ": a document's checksum is wrong; the " + (trimmed(queue) - at)
                        + " bytes from there on are left unread");
    }

    private static int trimmed(byte[] bytes) {
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    @Test
    void an_event_that_was_rewritten_with_its_checksum_does_not_follow_from_the_one_before_it() {
        var forged = queue.clone();
        var text = "better".getBytes(StandardCharsets.UTF_8);
        int at = indexOf(forged, text);
        forged[at] = 'B';
        int document = documentAt(at);
        int payload = documents.get(document).start() + QueueFile.HEADER_BYTES;
        var bytes = Arrays.copyOfRange(forged, payload, documents.get(document).end());
        Frame.over(forged).putInt(payload + Frame.CRC, Frame.crc(new CRC32C(), bytes, bytes.length));
        place(directory, forged);
        var generation = generation(directory);

        var left = read(generation);

        assertThat(left).doesNotContain(items.get(document)).hasSizeLessThan(items.size());
        assertThat(generation.damage().orElseThrow())
                .contains("event 1 of experiment " + id(1) + " does not follow from the one before it");
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; at + part.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("it is not there");
    }

    private static int documentAt(int position) {
        int document = 0;
        while (documents.get(document).end() <= position) {
            document++;
        }
        return document;
    }

    @Test
    void nothing_behind_damage_is_ever_read_even_if_the_damage_goes_away() throws IOException {
        var flipped = queue.clone();
        flipped[documents.get(4).start() + QueueFile.HEADER_BYTES + Frame.COMMON_BYTES] ^= 0x10;
        place(directory, flipped);
        var generation = generation(directory);
        var before = read(generation);

        place(directory, queue);

        assertThat(read(generation)).isEqualTo(before).hasSize(4);
        assertThat(generation.damage()).isPresent();
        assertThat(read(generation(directory))).isEqualTo(items);
    }

    @Test
    void a_document_in_which_the_writer_died_is_no_damage() {
        // how Chronicle leaves it: the header is still zero
        var last = documents.get(documents.size() - 1);
        var died = queue.clone();
        Arrays.fill(died, last.start(), last.start() + 4, (byte) 0);
        Arrays.fill(died, last.end() - 9, died.length, (byte) 0);
        place(directory, died);
        var generation = generation(directory);

        assertThat(read(generation)).isEqualTo(items.subList(0, items.size() - 1));
        assertThat(generation.damage()).isEmpty();
    }

    @Test
    void a_document_whose_writer_died_before_its_length_was_right_is_no_damage_either() {
        var last = documents.get(documents.size() - 1);
        var died = queue.clone();
        Arrays.fill(died, last.start(), last.start() + QueueFile.HEADER_BYTES, (byte) 0);
        int payload = last.start() + QueueFile.HEADER_BYTES;
        var buffer = Frame.over(died);
        int lengthAt = payload
                + Frame.FIRST_WRITER
                + buffer.getInt(payload + Frame.WRITERS) * Frame.WRITER_BYTES
                + Frame.CHAIN_BYTES;
        buffer.putInt(lengthAt, 1);
        place(directory, died);
        var generation = generation(directory);

        assertThat(read(generation)).isEqualTo(items.subList(0, items.size() - 1));
        assertThat(generation.damage()).isEmpty();
    }

    @Test
    void a_lost_header_in_the_middle_is_damage() {
        var lost = queue.clone();
        int at = documents.get(6).start();
        Arrays.fill(lost, at, at + 4, (byte) 0);
        place(directory, lost);
        var generation = generation(directory);

        assertThat(read(generation)).isEqualTo(items.subList(0, 6));
        assertThat(generation.damage().orElseThrow())
                .contains("document 6", "a document without a header is followed by others");
    }

    @Test
    void a_lost_page_in_the_middle_is_damage() {
        var lost = queue.clone();
        int from = documents.get(2).start();
        Arrays.fill(lost, from, documents.get(5).end(), (byte) 0);
        var far = Arrays.copyOf(lost, lost.length + Frame.MAX_BYTES);
        far[far.length - 1] = 1;
        place(directory, far);
        var generation = generation(directory);

        assertThat(read(generation)).isEqualTo(items.subList(0, 2));
        assertThat(generation.damage()).isPresent();
    }

    @Test
    void a_document_of_a_newer_daybook_ends_what_can_be_read() {
        var newer = queue.clone();
        newer[documents.get(3).start() + QueueFile.HEADER_BYTES + Frame.FRAME_VERSION] = 2;
        place(directory, newer);
        var generation = generation(directory);

        assertThat(read(generation)).isEqualTo(items.subList(0, 3));
        assertThat(generation.damage().orElseThrow())
                .contains("a document of kind 2, version 2, is not known to this version of Daybook");
    }

    @Test
    void a_generation_without_a_queue_reads_as_nothing() throws IOException {
        Files.delete(place(directory, queue));
        var generation = generation(directory);

        assertThat(generation.read(0, new JournalReading())).isZero();
        assertThat(generation.damage()).isEmpty();
        assertThat(generation.isAlive()).isFalse();
        assertThat(generation.writer()).isEqualTo("process 4711 on host gpu3");
    }

    @Test
    void a_generation_of_which_only_the_queue_is_left_is_read() throws IOException {
        place(directory, queue);
        var folder = directory.resolve(Samples.GENERATION);
        Files.delete(JournalDirectory.lock(folder));
        Files.delete(JournalDirectory.writer(folder));
        var generation = generation(directory);

        assertThat(generation.isAlive()).isFalse();
        assertThat(generation.writer()).isEqualTo("an unknown process");
        assertThat(read(generation)).isEqualTo(items);
        assertThat(generation.damage()).isEmpty();
    }

    @Test
    void a_file_that_vanishes_while_it_is_read_is_damage() throws IOException {
        var file = place(directory, queue);
        var generation = generation(directory);
        long cursor = generation.read(0, new JournalReading(2));

        Files.delete(file);

        assertThat(generation.read(cursor, new JournalReading())).isEqualTo(cursor);
        assertThat(generation.damage().orElseThrow()).contains("its file is gone");
    }

    @Test
    void what_was_read_can_be_read_again_from_any_cursor() {
        place(directory, queue);
        for (int stop = 0; stop <= 5; stop++) {
            var generation = generation(directory);
            var first = new JournalReading(stop);
            long cursor = generation.read(0, first);
            var rest = new JournalReading();
            generation.read(cursor, rest);
            var again = new JournalReading();
            generation.read(cursor, again);
            var stopped = new JournalReading(stop);
            long place = generation.read(0, stopped);
            var further = new JournalReading();
            generation.read(place, further);

            assertThat(again.items()).isEqualTo(rest.items());
            assertThat(stopped.items()).isEqualTo(first.items());
            assertThat(further.items()).isEqualTo(rest.items());
            assertThat(first.items()).isEqualTo(items.subList(0, first.items().size()));
            assertThat(rest.items()).isEqualTo(items.subList(first.items().size(), items.size()));
            var other = new JournalReading();
            generation(directory).read(cursor, other);
            assertThat(other.items()).isEqualTo(rest.items());
        }
    }

    @Test
    void what_changes_after_it_was_read_is_damage_too() throws IOException {
        for (int changed : new int[] {3, 9}) {
            var file = place(directory, queue);
            var generation = generation(directory);
            assertThat(read(generation)).isEqualTo(items);
            try (var open = new RandomAccessFile(file.toFile(), "rw")) {
                int last = documents.get(changed).end() - 8;
                open.seek(last);
                open.write(queue[last] ^ 1);
            }

            assertThat(read(generation)).isEqualTo(items.subList(0, changed));
            assertThat(generation.damage().orElseThrow())
                    .contains("what was read before at byte "
                            + documents.get(changed).start() + " has changed: ");
        }
    }

    @Test
    void a_reading_of_one_experiment_that_a_sink_has_stopped_goes_on_with_the_rest() {
        place(directory, queue);
        var reading = generation(directory).reading(id(1));
        var first = new JournalReading(2);
        var rest = new JournalReading();

        assertThat(reading.advance(first, Mark.END)).isFalse();
        assertThat(reading.advance(rest, Mark.END)).isTrue();

        var all = new ArrayList<>(first.items());
        all.addAll(rest.items());
        assertThat(all).isEqualTo(JournalReading.of(id(1), items));
    }

    @Test
    void damage_that_the_reading_of_one_experiment_has_met_is_told_by_the_generation_too() {
        var flipped = queue.clone();
        flipped[documents.get(4).start() + QueueFile.HEADER_BYTES + Frame.COMMON_BYTES] ^= 0x10;
        place(directory, flipped);
        var generation = generation(directory);
        var reading = generation.reading(id(1));

        assertThat(reading.advance(new JournalReading(), Mark.END)).isTrue();

        assertThat(reading.damage().orElseThrow()).contains("is damaged at document 4");
        assertThat(generation.damage(id(1))).isEqualTo(reading.damage());
        assertThat(generation.damage()).isEqualTo(reading.damage());
    }

    @Test
    void a_sink_may_not_read_what_it_is_given_meanwhile() {
        place(directory, queue);
        var generation = generation(directory);
        var reading = new JournalReading() {
            @Override
            public boolean event(Entry entry) {
                generation.read(0, new JournalReading());
                return super.event(entry);
            }
        };

        assertThatThrownBy(() -> generation.read(0, reading))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a sink is not to read the generation " + Samples.GENERATION);
        assertThat(read(generation)).isEqualTo(items);
    }

    @Test
    void a_writer_that_has_not_said_who_it_is_is_unknown() throws IOException {
        place(directory, queue);
        Files.delete(JournalDirectory.writer(directory.resolve(Samples.GENERATION)));

        assertThat(generation(directory).writer()).isEqualTo("an unknown process");
    }

    @Test
    void what_is_no_cursor_is_refused() {
        place(directory, queue);
        long inside = documents.get(3).start() + 8L;

        assertThatThrownBy(() -> generation(directory).read(inside, new JournalReading()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(inside + " is no cursor of generation " + Samples.GENERATION);
        assertThatThrownBy(() -> generation(directory).read(1L << 40, new JournalReading()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> generation(directory).read(-1, new JournalReading()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
