package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static dev.daybook.journal.Samples.begin;
import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.FailingFiles;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Contents;
import dev.daybook.port.Entry;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.Journal.Collected;
import dev.daybook.port.JournalReading;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.JournalSettings.Force;
import dev.daybook.port.Projection;
import dev.daybook.port.Tail;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deleted of a journal, what is not, and in which order. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CollectorTest {

    private static final Projection.Counter NOBODY = (done, all) -> {};
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);
    private static final Duration MONTH = Duration.ofDays(30);

    private Path directory;

    @BeforeEach
    void directory(@TempDir Path temporary) throws IOException {
        directory = temporary.toRealPath();
    }

    private static JournalSettings keeping(Duration age, long bytes) {
        return new JournalSettings(false, Force.PROCESS, 1 << 20, age, bytes);
    }

    private Journal open() {
        return Samples.open(directory, keeping(FOREVER, Long.MAX_VALUE), BlockWriter.Sizes.DEFAULT);
    }

    private List<Collected> collect(Duration age, long bytes) {
        return collect(age, bytes, false);
    }

    private List<Collected> collect(Duration age, long bytes, boolean isTrial) {
        try (var journal = Samples.open(directory, keeping(age, bytes), BlockWriter.Sizes.DEFAULT)) {
            return journal.collect(isTrial);
        }
    }

    private List<String> names() {
        try {
            return JournalDirectory.of(directory).generations();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path path(String generation) {
        return directory.resolve(generation);
    }

    private void age(String generation, int days) throws IOException {
        Files.setLastModifiedTime(
                JournalDirectory.queue(path(generation)),
                FileTime.from(Instant.now().minus(Duration.ofDays(days))));
    }

    private void ageAll(int days) throws IOException {
        for (var name : names()) {
            age(name, days);
        }
    }

    private static void discard(Journal journal, ExperimentId id, Tail tail) {
        journal.append(id, AppendCondition.continues(tail), TIME, new Event.ExperimentDiscarded());
    }

    /** Takes an experiment over whose owner has let it go. */
    private static Tail inherit(Journal journal, ExperimentId id, Tail tail, Event event) {
        return journal.exclusively(() -> journal.append(id, AppendCondition.inherits(tail), TIME, event))
                .tail();
    }

    /** Logs an experiment on into the next generation. */
    private static Entry rotate(Journal journal, ExperimentId id, Tail from) {
        var text = "x".repeat(60_000);
        var tail = from;
        String first = "";
        while (true) {
            var entry = journal.append(id, AppendCondition.continues(tail), TIME, new Event.NoteTaken(text));
            tail = entry.tail();
            var in = entry.position().generation();
            if (!first.isEmpty() && !in.equals(first)) {
                return entry;
            }
            first = in;
        }
    }

    /** A finished generation with one experiment that was discarded, and its name. */
    private String settled(int number) {
        try (var journal = open()) {
            discard(journal, id(number), begin(journal, id(number)).tail());
        }
        var names = names();
        return names.get(names.size() - 1);
    }

    @Test
    void what_is_finished_and_settled_goes_once_it_is_too_old() throws IOException {
        var old = settled(1);
        var young = settled(2);
        age(old, 31);
        age(young, 29);

        var collected = collect(MONTH, Long.MAX_VALUE);

        assertThat(collected).singleElement().satisfies(it -> {
            assertThat(it.generation()).isEqualTo(old);
            assertThat(it.bytes()).isPositive();
            assertThat(it.reason()).contains("written last on", "all its experiments are saved or discarded");
        });
        assertThat(names()).containsExactly(young);
        assertThat(path(old)).doesNotExist();
        assertThat(collect(MONTH, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void a_trial_says_the_same_and_deletes_nothing() throws IOException {
        settled(1);
        settled(2);
        ageAll(31);
        var before = names();

        var trial = collect(MONTH, Long.MAX_VALUE, true);

        assertThat(names()).isEqualTo(before);
        assertThat(trial).extracting(Collected::generation).isEqualTo(before);
        assertThat(collect(MONTH, Long.MAX_VALUE)).isEqualTo(trial);
        assertThat(names()).isEmpty();
    }

    @Test
    void above_the_size_the_oldest_go_until_the_rest_is_small_enough() throws IOException {
        var names = new ArrayList<String>();
        for (int i = 1; i <= 4; i++) {
            names.add(settled(i));
        }
        long bytes = 0;
        for (var name : names.subList(2, 4)) {
            bytes += ContentsFile.read(path(name)).orElseThrow().bytes();
        }

        var collected = collect(FOREVER, bytes);

        assertThat(collected).extracting(Collected::generation).containsExactly(names.get(0), names.get(1));
        assertThat(collected).extracting(Collected::reason).allMatch(reason -> reason.contains("is larger than"));
        assertThat(names()).isEqualTo(names.subList(2, 4));
    }

    @Test
    void what_a_file_is_longer_than_its_documents_does_not_count() throws IOException {
        long bytes = 0;
        for (int i = 1; i <= 2; i++) {
            var path = path(settled(i));
            bytes += ContentsFile.read(path).orElseThrow().bytes();
            // as a killed writer leaves it
            try (var file = new RandomAccessFile(JournalDirectory.queue(path).toFile(), "rw")) {
                file.setLength(file.length() + Space.MOST_LONGER / 2);
            }
            Files.delete(JournalDirectory.contents(path));
        }
        var collector =
                new Collector(JournalDirectory.of(directory), keeping(FOREVER, bytes), name -> Optional.empty());

        assertThat(collector.isDue()).isFalse();
        assertThat(collector.collect(false, NOBODY)).isEmpty();
        assertThat(collector.isDue()).as("when notes are there").isFalse();
        assertThat(collect(FOREVER, bytes - 1)).hasSize(1);
    }

    @Test
    void what_is_known_of_a_generation_without_notes_counts_whenever_sizes_are_compared() throws IOException {
        var known = new HashMap<String, Contents>();
        for (int i = 1; i <= 2; i++) {
            var name = settled(i);
            known.put(name, ContentsFile.read(path(name)).orElseThrow());
            Files.delete(JournalDirectory.contents(path(name)));
        }
        long bytes = known.values().stream().mapToLong(Contents::bytes).sum();
        var collector = new Collector(
                JournalDirectory.of(directory),
                keeping(FOREVER, bytes - 1),
                name -> Optional.ofNullable(known.get(name)));

        assertThat(collector.isDue()).isTrue();
        assertThat(collector.collect(false, NOBODY)).hasSize(1);
        assertThat(collector.isDue()).isFalse();
    }

    @Test
    void where_too_much_is_needed_nothing_is_looked_at_until_something_is_settled() throws IOException {
        try (var journal = open()) {
            begin(journal, id(1));
        }
        var collector = new Collector(JournalDirectory.of(directory), keeping(FOREVER, 0), name -> Optional.empty());
        assertThat(collector.isDue()).isTrue();
        assertThat(collector.collect(true, NOBODY)).isEmpty();
        assertThat(collector.isDue()).as("a trial settles nothing").isTrue();
        assertThat(collector.collect(false, NOBODY)).isEmpty();
        assertThat(collector.isDue()).isFalse();

        settled(2);
        collector.settled();

        assertThat(collector.isDue()).isTrue();
        assertThat(collector.collect(true, NOBODY)).hasSize(1);
        assertThat(collector.isDue()).as("a trial deletes nothing").isTrue();
        assertThat(collector.collect(false, NOBODY)).hasSize(1);
        assertThat(collector.isDue()).isFalse();
    }

    @Test
    void what_is_just_small_enough_is_looked_at_again_once_it_is_old() throws IOException {
        var name = settled(1);
        long bytes = ContentsFile.read(path(name)).orElseThrow().bytes();
        var collector = new Collector(JournalDirectory.of(directory), keeping(MONTH, bytes), any -> Optional.empty());
        assertThat(collector.collect(false, NOBODY)).isEmpty();

        age(name, 31);

        assertThat(collector.isDue()).isTrue();
    }

    @Test
    void what_a_living_process_has_written_counts_too() {
        var old = settled(1);
        try (var journal = Samples.open(directory, keeping(FOREVER, 150_000), BlockWriter.Sizes.DEFAULT)) {
            var tail = begin(journal, id(2)).tail();
            for (int i = 0; i < 4; i++) {
                var note = new Event.NoteTaken("x".repeat(60_000));
                tail = journal.append(id(2), AppendCondition.continues(tail), TIME, note)
                        .tail();
            }

            assertThat(journal.collect(false)).extracting(Collected::generation).containsExactly(old);
        }
    }

    @Test
    void a_long_experiment_does_not_keep_what_others_left_in_generations_that_end_beside_it() throws IOException {
        var settings = keeping(FOREVER, 0);
        try (var journal = Samples.open(directory, settings, BlockWriter.Sizes.DEFAULT)) {
            var entry = begin(journal, id(1));
            var first = entry.position().generation();
            discard(journal, id(1), entry.tail());
            var tail = begin(journal, id(2)).tail();

            discard(journal, id(2), rotate(journal, id(2), tail).tail());
            tail = begin(journal, id(3)).tail();
            for (int i = 0; i < 100 && names().contains(first); i++) {
                tail = rotate(journal, id(3), tail).tail();
            }

            assertThat(names()).doesNotContain(first);
        }
    }

    @Test
    void what_its_writer_takes_back_while_it_is_looked_at_is_passed_over() throws IOException {
        var old = settled(1);
        var takenBack = settled(2);
        ageAll(31);
        var collector = new Collector(JournalDirectory.of(directory), keeping(MONTH, Long.MAX_VALUE), name -> {
            if (name.equals(old)) {
                delete(takenBack);
            }
            return Optional.empty();
        });

        assertThat(collector.collect(false, NOBODY))
                .extracting(Collected::generation)
                .containsExactly(old);
        assertThat(names()).isEmpty();
    }

    private void delete(String generation) {
        try {
            Disk.deleteFlat(path(generation));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void what_lives_or_holds_something_unfinished_stays() throws IOException {
        try (var journal = open()) {
            begin(journal, id(1));
            discard(journal, id(2), begin(journal, id(2)).tail());
        }
        try (var living = open()) {
            discard(living, id(3), begin(living, id(3)).tail());
            ageAll(400);

            assertThat(collect(MONTH, 0)).isEmpty();
            assertThat(living.collect(false)).isEmpty();
            assertThat(names()).hasSize(2);
        }
    }

    @Test
    void what_is_damaged_stays() throws IOException {
        var name = settled(1);
        var queue = JournalDirectory.queue(path(name));
        var bytes = Files.readAllBytes(queue);
        bytes[Samples.documents(queue).get(0).end() - 20] ^= 1;
        Files.write(queue, bytes);
        Files.delete(JournalDirectory.contents(path(name)));
        ageAll(400);

        assertThat(collect(MONTH, 0)).isEmpty();
        assertThat(names()).containsExactly(name);
    }

    @Test
    void what_a_crash_left_without_a_word_about_itself_is_read_and_goes() throws IOException {
        var name = settled(1);
        Files.delete(JournalDirectory.contents(path(name)));
        ageAll(400);

        assertThat(collect(MONTH, Long.MAX_VALUE)).hasSize(1);
        assertThat(names()).isEmpty();
    }

    @Test
    void an_end_stays_as_long_as_its_beginning() throws IOException {
        Tail tail;
        try (var journal = open()) {
            begin(journal, id(9));
            tail = begin(journal, id(1)).tail();
        }
        try (var heir = open()) {
            inherit(heir, id(1), tail, new Event.ExperimentDiscarded());
        }
        ageAll(400);
        assertThat(collect(MONTH, 0)).isEmpty();

        var last = tailOf(9);
        try (var heir = open()) {
            inherit(heir, id(9), last, new Event.ExperimentDiscarded());
        }
        ageAll(400);
        var before = names();
        assertThat(collect(MONTH, 0)).extracting(Collected::generation).isEqualTo(before);
    }

    private Tail tailOf(int number) {
        try (var journal = open()) {
            var entries = JournalReading.entries(JournalReading.of(id(number), JournalReading.everything(journal)));
            return entries.get(entries.size() - 1).tail();
        }
    }

    @Test
    void two_that_need_each_other_both_stay() throws IOException {
        try (var one = open();
                var two = open()) {
            var first = begin(one, id(1)).tail();
            var second = begin(two, id(2)).tail();
            one.release(id(1));
            two.release(id(2));
            inherit(two, id(1), first, new Event.ExperimentDiscarded());
            inherit(one, id(2), second, new Event.ExperimentDiscarded());
        }
        ageAll(400);

        assertThat(collect(MONTH, 0)).isEmpty();
        assertThat(names()).hasSize(2);
    }

    @Test
    void the_middle_of_an_experiment_stays_while_somebody_still_reads_its_beginning() throws IOException {
        try (var journal = open()) {
            begin(journal, id(9)); // and does nothing more: its generation lives
            var tail = begin(journal, id(1)).tail();
            tail = rotate(journal, id(1), tail).tail();
            tail = rotate(journal, id(1), tail).tail();
            discard(journal, id(1), tail);
            assertThat(journal.generations()).hasSizeGreaterThanOrEqualTo(3);
            untilOneIsFinished(journal);
            ageAll(400);

            assertThat(collect(MONTH, 0)).isEmpty();
        }
        ageAll(400);
        assertThat(collect(MONTH, 0)).isEmpty();
        var last = tailOf(9);
        try (var heir = open()) {
            inherit(heir, id(9), last, new Event.ExperimentDiscarded());
        }
        ageAll(400);
        collect(MONTH, 0);
        assertThat(names()).isEmpty();
    }

    private static void untilOneIsFinished(Journal journal) {
        while (journal.generations().stream().allMatch(Generation::isAlive)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_long_experiment_goes_from_its_beginning_to_its_end() throws IOException {
        try (var journal = open()) {
            var tail = begin(journal, id(1)).tail();
            tail = rotate(journal, id(1), tail).tail();
            tail = rotate(journal, id(1), tail).tail();
            discard(journal, id(1), tail);
        }
        ageAll(400);
        var before = names();
        assertThat(before).hasSizeGreaterThanOrEqualTo(3);

        assertThat(collect(MONTH, 0)).extracting(Collected::generation).isEqualTo(before);
        assertThat(names()).isEmpty();
    }

    @Test
    void an_experiment_that_came_back_goes_too() throws IOException {
        try (var one = open();
                var two = open()) {
            begin(two, id(2));
            var tail = begin(one, id(1)).tail();
            one.release(id(1));
            tail = inherit(two, id(1), tail, new Event.Tagged("there"));
            two.release(id(1));
            inherit(one, id(1), tail, new Event.ExperimentDiscarded());
            discard(two, id(2), tailOf(2));
        }
        ageAll(400);

        assertThat(collect(MONTH, 0)).hasSize(2);
        assertThat(names()).isEmpty();
    }

    @Test
    void what_came_back_keeps_its_middle_while_the_process_lives_that_it_came_back_to() {
        try (var one = open()) {
            try (var two = open()) {
                var tail = begin(one, id(1)).tail();
                one.release(id(1));
                tail = inherit(two, id(1), tail, new Event.Tagged("there"));
                two.release(id(1));
                inherit(one, id(1), tail, new Event.ExperimentDiscarded());
            }

            assertThat(collect(FOREVER, 0)).isEmpty();
            assertThat(names()).hasSize(2);
        }
        assertThat(collect(FOREVER, 0)).hasSize(2);
    }

    @Test
    void what_says_that_an_experiment_is_settled_is_on_disk_before_its_beginning_goes() throws IOException {
        Tail tail;
        try (var journal = open()) {
            tail = begin(journal, id(1)).tail();
        }
        try (var heir = open()) {
            inherit(heir, id(1), tail, new Event.ExperimentDiscarded());
        }
        var both = names();
        age(both.get(0), 31);

        try (var files = FailingFiles.below(directory)) {
            assertThat(collect(MONTH, Long.MAX_VALUE, true)).hasSize(1);
            assertThat(files.forced()).as("by a trial").isEmpty();
            assertThat(collect(MONTH, Long.MAX_VALUE)).hasSize(1);

            assertThat(files.forced())
                    .contains(JournalDirectory.queue(path(both.get(1))).toString());
        }
        assertThat(names()).containsExactly(both.get(1));
    }

    @Test
    void who_collects_is_told_how_far_that_is() {
        settled(1);
        settled(2);
        var told = new ArrayList<String>();

        try (var journal = open()) {
            journal.collect(false, (done, all) -> told.add(done + " of " + all));
        }

        assertThat(told).containsExactly("0 of 2", "1 of 2");
    }

    @Test
    void what_was_made_only_for_a_name_goes_when_its_process_is_gone() throws IOException {
        try (var journal = open()) {
            assertThat(journal.reserveName("x", id(1))).isTrue();
        }
        try (var living = open()) {
            assertThat(living.reserveName("y", id(2))).isTrue();
            assertThat(JournalDirectory.of(directory).empty()).hasSize(2);

            assertThat(collect(FOREVER, Long.MAX_VALUE)).isEmpty();

            assertThat(JournalDirectory.of(directory).empty()).hasSize(1);
            begin(living, id(2));
            assertThat(living.reserveName("x", id(2))).isTrue();
        }
    }
}
