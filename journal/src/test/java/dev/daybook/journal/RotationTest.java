package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static dev.daybook.journal.Samples.begin;
import static dev.daybook.journal.Samples.id;
import static dev.daybook.journal.Samples.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.JournalException;
import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Contents;
import dev.daybook.port.Continuation;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalReading;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.JournalSettings.Force;
import dev.daybook.port.Mark;
import dev.daybook.port.Reading;
import dev.daybook.port.Tail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Experiments that go on over one generation after another, and what the generations say of themselves. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RotationTest {

    private static final ExperimentId ONE = id(1);
    private static final ExperimentId TWO = id(2);

    private final List<Journal> opened = new ArrayList<>();
    private Path directory;
    private long steps;

    @BeforeEach
    void directory(@TempDir Path temporary) throws IOException {
        directory = temporary.toRealPath();
    }

    @AfterEach
    void close() {
        opened.forEach(Journal::close);
    }

    private Journal open() {
        var settings =
                new JournalSettings(false, Force.INTERVAL, 1 << 20, Duration.ofMillis(Long.MAX_VALUE), Long.MAX_VALUE);
        var journal = Samples.open(directory, settings, BlockWriter.Sizes.DEFAULT);
        opened.add(journal);
        return journal;
    }

    /** All that the journal has of one experiment, stretch by stretch in their order, checked link by link. */
    private static final class Whole implements EntrySink {
        private final ExperimentId id;
        private final List<Entry> entries = new ArrayList<>();
        private final List<Continuation> marks = new ArrayList<>();
        private Tail tail;
        private String generation = "";
        private long records;
        private long here;

        Whole(ExperimentId id) {
            this.id = id;
            this.tail = Tail.start(id);
        }

        static Whole of(Journal journal, ExperimentId id) {
            var whole = new Whole(id);
            for (var each : journal.generations()) {
                whole.read(each);
            }
            return whole;
        }

        void read(Generation from) {
            generation = from.name();
            here = 0;
            var reading = from.reading(id);
            assertThat(reading.advance(this, Mark.END)).isTrue();
            assertThat(reading.damage()).isEmpty();
        }

        @Override
        public boolean event(Entry entry) {
            assertThat(entry.index()).isEqualTo(tail.events());
            assertThat(entry.cut().records()).isEqualTo(here);
            var bytes = EventCodec.encode(entry.event());
            assertThat(entry.chain())
                    .isEqualTo(tail.chain().next(entry.index(), entry.time().toEpochMilli(), entry.cut(), bytes));
            tail = entry.tail();
            entries.add(entry);
            return true;
        }

        @Override
        public boolean continued(Continuation mark) {
            assertThat(mark.id()).isEqualTo(id);
            assertThat(mark.position().generation()).isEqualTo(generation).isGreaterThan(mark.from());
            assertThat(mark.before()).isEqualTo(tail);
            assertThat(mark.records()).isEqualTo(records);
            assertThat(here).isZero();
            tail = mark.tail();
            marks.add(mark);
            return true;
        }

        @Override
        public void metric(ExperimentId of, int metric, long step, double value, long epochMilli) {
            if (step != records || !of.equals(id)) {
                throw new AssertionError("step " + step + " of " + of + " after " + records);
            }
            records++;
            here++;
        }

        @Override
        public void released(ExperimentId of) {}
    }

    /** Logs until the experiment has moved on so many times. */
    private void log(Journal journal, ExperimentId id, int moves) {
        var lease = journal.lease(id);
        int before = Whole.of(journal, id).marks.size();
        while (Whole.of(journal, id).marks.size() < before + moves) {
            for (int i = 0; i < 2_000; i++) {
                assertThat(lease.publish(0, steps, (double) steps, TIME.toEpochMilli()))
                        .isTrue();
                steps++;
            }
        }
    }

    private static Event.ExperimentResumed resumed(Whole whole) {
        var last = whole.entries.get(whole.entries.size() - 1).position();
        return new Event.ExperimentResumed(
                last.generation(), last.document(), whole.tail.events(), whole.records, Map.of());
    }

    private static Entry inherit(Journal journal, Whole whole) {
        return journal.exclusively(
                () -> journal.append(whole.id, AppendCondition.inherits(whole.tail), TIME, resumed(whole)));
    }

    private void requireWhole(Tail tail, long records) {
        for (var each : List.of(opened.get(0), open())) {
            var whole = Whole.of(each, ONE);
            assertThat(whole.tail.events()).isEqualTo(tail.events());
            assertThat(whole.records).isEqualTo(records);
        }
    }

    @Test
    void records_go_on_over_generations_without_a_gap() {
        var journal = open();
        var tail = begin(journal, ONE).tail();
        log(journal, ONE, 3);
        tail = tag(journal, ONE, tail, "then");
        log(journal, ONE, 1);
        tail = tag(journal, ONE, tail, "at last");

        var whole = Whole.of(journal, ONE);
        assertThat(whole.marks).hasSizeGreaterThanOrEqualTo(4);
        assertThat(whole.tail).isEqualTo(tail);
        requireWhole(tail, steps);
        journal.close();
        requireWhole(tail, steps);
    }

    @Test
    void an_event_that_comes_first_in_the_next_generation_stands_behind_the_mark() {
        var journal = open();
        var tail = begin(journal, ONE).tail();
        var other = begin(journal, TWO).tail();
        log(journal, ONE, 1);

        other = tag(journal, TWO, other, "moves without a record");

        var whole = Whole.of(journal, TWO);
        assertThat(whole.marks).hasSize(1);
        assertThat(whole.tail).isEqualTo(other);
        assertThat(whole.entries.get(1).position().generation())
                .isNotEqualTo(whole.entries.get(0).position().generation());
        assertThat(tail.events()).isEqualTo(1);
    }

    @Test
    void an_idle_experiment_keeps_its_generation_alive_until_it_moves() {
        var journal = open();
        begin(journal, ONE);
        var idle = begin(journal, TWO).tail();
        var first = journal.generations().get(0);
        log(journal, ONE, 2);
        var second = journal.generations().get(1);
        untilFinished(second);

        assertThat(first.isAlive()).isTrue();
        assertThat(first.contents()).isEmpty();
        tag(journal, TWO, idle, "moves");
        untilFinished(first);
        assertThat(first.contents().orElseThrow().experiments())
                .extracting(Contents.Content::id)
                .containsExactly(ONE, TWO);
        assertThat(first.isOwn()).isTrue();
    }

    @Test
    void an_idle_experiment_that_is_let_go_frees_its_generation() {
        var journal = open();
        begin(journal, ONE);
        begin(journal, TWO);
        var first = journal.generations().get(0);
        log(journal, ONE, 1);
        assertThat(first.isAlive()).isTrue();

        journal.release(TWO);

        untilFinished(first);
    }

    private static void untilFinished(Generation generation) {
        while (generation.isAlive()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void an_experiment_begins_in_the_generation_in_which_its_name_was_reserved() {
        var journal = open();
        begin(journal, ONE);
        assertThat(journal.reserveName("two", TWO)).isTrue();
        var first = journal.generations().get(0);
        log(journal, ONE, 2);
        assertThat(first.isAlive()).isTrue();

        var begun = begin(journal, TWO);

        assertThat(begun.position().generation()).isEqualTo(first.name());
        var rival = open();
        assertThat(rival.reserveName("two", id(3))).isFalse();
        var lease = journal.lease(TWO);
        assertThat(lease.publish(0, 0, 0, 0)).isTrue();
        var tail = tag(journal, TWO, begun.tail(), "on");
        var whole = Whole.of(journal, TWO);
        assertThat(whole.tail).isEqualTo(tail);
        assertThat(whole.marks).hasSize(1);
        untilFinished(first);
        journal.close();
        assertThat(rival.reserveName("two", id(3))).isFalse();
    }

    @Test
    void a_name_that_is_reserved_for_what_is_under_way_does_not_take_it_back_to_where_that_was() {
        var journal = open();
        var begun = begin(journal, ONE);
        assertThat(journal.reserveName("other", ONE)).isTrue();
        log(journal, ONE, 1);

        var tail = tag(journal, ONE, Whole.of(journal, ONE).tail, "on");

        var whole = Whole.of(journal, ONE);
        assertThat(whole.tail).isEqualTo(tail);
        assertThat(whole.records).isEqualTo(steps);
        assertThat(whole.generation).isNotEqualTo(begun.position().generation());
    }

    @Test
    void a_name_that_could_not_be_reserved_holds_no_generation() throws IOException {
        var journal = open();
        begin(journal, ONE);
        begin(journal, TWO);
        var first = journal.generations().get(0);
        var names = directory.resolve("names");
        Files.createDirectories(names.getParent());
        Disk.deleteFlat(names);
        Files.writeString(names, "in the way");
        assertThatThrownBy(() -> journal.reserveName("other", ONE)).isInstanceOf(JournalException.class);
        Files.delete(names);

        journal.release(TWO);
        log(journal, ONE, 1);

        untilFinished(first);
    }

    private static String mappings() {
        try {
            return Files.readString(Path.of("/proc/self/maps"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_generation_that_is_over_is_mapped_no_more_though_its_experiments_are_known() {
        var journal = open();
        begin(journal, ONE);
        var first = journal.generations().get(0);
        journal.release(begin(journal, TWO).id());
        log(journal, ONE, 1);
        untilFinished(first);

        Script.await("the end of its mappings", () -> {
            System.gc();
            return !mappings().contains(first.name());
        });
    }

    @Test
    void a_reservation_that_is_given_back_frees_its_generation() {
        var journal = open();
        begin(journal, ONE);
        assertThat(journal.reserveName("two", TWO)).isTrue();
        var first = journal.generations().get(0);
        log(journal, ONE, 1);
        journal.releaseName("two", TWO);

        untilFinished(first);
        assertThat(begin(journal, TWO).position().generation()).isNotEqualTo(first.name());
    }

    @Test
    void another_journal_takes_over_what_lies_in_three_generations() {
        var journal = open();
        begin(journal, ONE);
        log(journal, ONE, 2);
        journal.close();
        var heir = open();
        var whole = Whole.of(heir, ONE);
        assertThat(whole.records).isEqualTo(steps);
        assertThatThrownBy(() -> heir.exclusively(() ->
                        heir.append(ONE, AppendCondition.continues(whole.tail), TIME, new Event.Tagged("not ours"))))
                .isInstanceOf(IllegalStateException.class);

        inherit(heir, whole);
        log(heir, ONE, 2);
        var last = tag(heir, ONE, Whole.of(heir, ONE).tail, "the end");

        assertThat(Whole.of(heir, ONE).marks).hasSizeGreaterThanOrEqualTo(4);
        requireWhole(last, steps);
        heir.close();
        requireWhole(last, steps);
    }

    @Test
    void a_released_experiment_is_taken_up_again_after_a_rotation_by_its_tail_as_a_reader_finds_it() {
        var journal = open();
        begin(journal, ONE);
        log(journal, ONE, 1);
        journal.release(ONE);
        begin(journal, TWO);
        var tail = Whole.of(journal, ONE).tail;
        long own = steps;
        steps = 0;
        log(journal, TWO, 1);
        steps = own;

        var again = journal.append(ONE, AppendCondition.continues(tail), TIME, new Event.Tagged("again"));

        log(journal, ONE, 1);
        requireWhole(again.tail(), steps);
    }

    @Test
    void what_comes_back_goes_on_in_the_present_generation_and_not_where_it_was() {
        var journal = open();
        begin(journal, ONE);
        var first = journal.generations().get(0);
        // keeps the first generation, which could be appended to for that
        begin(journal, id(3));
        journal.release(ONE);
        var other = open();
        inherit(other, Whole.of(other, ONE));
        other.close();
        begin(journal, TWO);
        log(journal, TWO, 1);

        var back = inherit(journal, Whole.of(journal, ONE));

        assertThat(back.position().generation()).isNotEqualTo(first.name());
    }

    @Test
    void a_released_experiment_that_another_one_took_comes_back_after_a_rotation() {
        var journal = open();
        begin(journal, ONE);
        log(journal, ONE, 1);
        journal.release(ONE);
        var other = open();
        inherit(other, Whole.of(other, ONE));
        other.close();
        var whole = Whole.of(journal, ONE);
        assertThatThrownBy(() ->
                        journal.append(ONE, AppendCondition.continues(whole.tail), TIME, new Event.Tagged("not ours")))
                .isInstanceOf(IllegalStateException.class);

        // back in the journal that is older than the heir: its generation goes first in the listing
        var back = inherit(journal, whole);
        assertThat(back.index()).isEqualTo(2);
        assertThat(journal.lease(ONE).publish(0, steps, (double) steps, TIME.toEpochMilli()))
                .isTrue();
        tag(journal, ONE, back.tail(), "back");
        assertThat(JournalReading.entries(JournalReading.of(ONE, JournalReading.everything(open()))))
                .extracting(Entry::index)
                .containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
        open().generations().forEach(generation -> {
            generation.read(0, Everything.DROPPED);
            assertThat(generation.damage()).isEmpty();
        });
    }

    // What the generations say of themselves.

    /** Finished generations: one experiment that goes through all of them and was discarded, one that was not. */
    private List<String> finished() throws IOException {
        var journal = open();
        var tail = begin(journal, ONE).tail();
        begin(journal, TWO);
        log(journal, ONE, 2);
        journal.append(ONE, AppendCondition.continues(tail), TIME, new Event.ExperimentDiscarded());
        journal.close();
        return JournalDirectory.of(directory).generations();
    }

    private Path contents(String name) {
        return JournalDirectory.contents(directory.resolve(name));
    }

    @Test
    void the_contents_say_what_reading_says() throws IOException {
        for (var name : finished()) {
            var place = JournalDirectory.of(directory);
            var noted =
                    new JournalGeneration(place, name, any -> false).contents().orElseThrow();
            assertThat(noted).isEqualTo(new JournalGeneration(place, name, any -> false).contentsSoFar());
        }
        var all = open().generations();
        assertThat(content(all.get(0), ONE).isBegun()).isTrue();
        assertThat(content(all.get(0), ONE).isSettled()).isFalse();
        assertThat(content(all.get(1), ONE).isBegun()).isFalse();
        assertThat(content(all.get(all.size() - 1), ONE).isSettled()).isTrue();
        assertThat(content(all.get(0), TWO).isSettled()).isFalse();
    }

    private static Contents.Content content(Generation generation, ExperimentId id) {
        return generation.contents().orElseThrow().experiments().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void contents_that_are_gone_are_made_by_the_first_reader() throws IOException {
        for (var name : finished()) {
            var before = Files.readAllBytes(contents(name));
            Files.delete(contents(name));
            var generation = new JournalGeneration(JournalDirectory.of(directory), name, any -> false);
            assertThat(generation.contents()).isEmpty();

            generation.read(0, Everything.DROPPED);

            assertThat(contents(name)).hasBinaryContent(before);
            assertThat(generation.contents()).isPresent();
        }
    }

    @Test
    void contents_that_are_cut_or_flipped_or_of_another_queue_do_not_count() throws IOException {
        var name = finished().get(1);
        var good = Files.readAllBytes(contents(name));
        for (int length = 0; length < good.length; length++) {
            Files.write(contents(name), Arrays.copyOf(good, length));
            assertThat(ContentsFile.read(directory.resolve(name))).isEmpty();
        }
        for (int bit = 0; bit < 8 * good.length; bit++) {
            var flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(contents(name), flipped);
            assertThat(ContentsFile.read(directory.resolve(name))).isEmpty();
        }
        Files.write(contents(name), Arrays.copyOf(good, good.length + 25));
        assertThat(ContentsFile.read(directory.resolve(name))).isEmpty();
        Files.write(contents(name), good);
        assertThat(ContentsFile.read(directory.resolve(name))).isPresent();
        var queue = JournalDirectory.queue(directory.resolve(name));
        Files.write(queue, Arrays.copyOf(Files.readAllBytes(queue), (int) Files.size(queue) + 4096));
        assertThat(ContentsFile.read(directory.resolve(name))).isEmpty();
        requireReadable();
    }

    private void requireReadable() {
        var whole = Whole.of(open(), ONE);
        assertThat(whole.records).isEqualTo(steps);
        assertThat(whole.tail.events()).isEqualTo(2);
    }

    @Test
    void nothing_is_noted_of_a_damaged_generation() throws IOException {
        var name = finished().get(0);
        var queue = JournalDirectory.queue(directory.resolve(name));
        var bytes = Files.readAllBytes(queue);
        var documents = Samples.documents(queue);
        for (var document : List.of(documents.get(0), documents.get(documents.size() / 2))) {
            Files.deleteIfExists(contents(name));
            var damaged = bytes.clone();
            damaged[document.start() + QueueFile.HEADER_BYTES + Frame.DOCUMENT] ^= 1;
            Files.write(queue, damaged);

            var generation = new JournalGeneration(JournalDirectory.of(directory), name, any -> false);
            generation.read(0, Everything.DROPPED);

            assertThat(generation.damage()).isPresent();
            assertThat(generation.contents()).isEmpty();
            assertThat(contents(name)).doesNotExist();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void many_readings_of_a_generation_map_it_once() throws IOException {
        var writer = open();
        for (int i = 0; i < 20; i++) {
            begin(writer, id(i));
        }
        writer.close();
        var generation = open().generations().get(0);

        var readings = new ArrayList<Reading>();
        for (int i = 0; i < 20; i++) {
            readings.add(generation.reading(id(i)));
        }
        var reading = new JournalReading();
        readings.forEach(each -> each.advance(reading, Mark.END));

        assertThat(reading.items()).hasSize(20);
        assertThat(readings).hasSize(20);
        try (var mapped = Files.lines(Path.of("/proc/self/maps"))) {
            assertThat(mapped.filter(line -> line.contains(generation.name()))).hasSize(1);
        }
    }
}
