package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.ExperimentSummary.Status;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Contents;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Generation;
import dev.daybook.port.InMemoryJournal;
import dev.daybook.port.Journal;
import dev.daybook.port.MetricLease;
import dev.daybook.port.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CatalogTest {

    private final World world = new World();

    @AfterEach
    void the_journal_is_sound_whatever_was_done() {
        world.requireSound();
    }

    private static Map<ExperimentId, String> read(Catalog catalog) {
        var all = new java.util.TreeMap<ExperimentId, String>();
        catalog.catchUp();
        for (var stream : catalog.unfinished()) {
            all.put(stream.id(), describe(stream));
        }
        return all;
    }

    /** All that a stream says of itself. */
    private static String describe(Stream stream) {
        var text = new StringBuilder();
        text.append(stream.data()).append(stream.tail()).append(stream.time()).append(stream.lastPosition());
        text.append(stream.isAbandoned())
                .append(stream.broken())
                .append(stream.fold().metrics());
        text.append(stream.stretches().stream()
                .map(stretch -> stretch.generation().name())
                .toList());
        var source = stream.source();
        text.append(source.entries());
        source.records((metric, step, value, epochMilli) ->
                text.append(metric).append(step).append(value).append(epochMilli));
        return text.toString();
    }

    /** A journal to read from that shows the generations otherwise than they are. */
    private static final class Shown implements Journal {
        private final InMemoryJournal journal;
        private final UnaryOperator<List<Generation>> show;

        Shown(World world, UnaryOperator<List<Generation>> show) {
            this.journal = new InMemoryJournal(world.store);
            this.show = show;
        }

        @Override
        public List<Generation> generations() {
            return show.apply(journal.generations());
        }

        @Override
        public Entry append(ExperimentId id, AppendCondition condition, Instant time, Event event) {
            return journal.append(id, condition, time, event);
        }

        @Override
        public MetricLease lease(ExperimentId id) {
            return journal.lease(id);
        }

        @Override
        public void release(ExperimentId id) {
            journal.release(id);
        }

        @Override
        public boolean reserveName(String name, ExperimentId id) {
            return journal.reserveName(name, id);
        }

        @Override
        public void releaseName(String name, ExperimentId id) {
            journal.releaseName(name, id);
        }

        @Override
        public <T> T exclusively(Supplier<T> action) {
            return journal.exclusively(action);
        }

        @Override
        public void close() {
            journal.close();
        }
    }

    /** A generation with something else in what it gives. */
    private record Changed(
            Generation generation,
            UnaryOperator<Entry> entries,
            java.util.function.LongPredicate keepsRecord,
            Consumer<Generation> beforeRead)
            implements Generation {

        @Override
        public String name() {
            return generation.name();
        }

        @Override
        public boolean isOwn() {
            return generation.isOwn();
        }

        @Override
        public boolean isAlive() {
            return generation.isAlive();
        }

        @Override
        public String writer() {
            return generation.writer();
        }

        @Override
        public void force() {
            generation.force();
        }

        @Override
        public Optional<String> damage() {
            return generation.damage();
        }

        @Override
        public long read(long cursor, EntrySink sink) {
            beforeRead.accept(generation);
            return generation.read(cursor, new EntrySink() {
                @Override
                public boolean event(Entry entry) {
                    return sink.event(entries.apply(entry));
                }

                @Override
                public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {
                    if (keepsRecord.test(step)) {
                        sink.metric(id, metric, step, value, epochMilli);
                    }
                }

                @Override
                public void released(ExperimentId id) {
                    sink.released(id);
                }
            });
        }
    }

    /** A finished generation that says what it holds. */
    private record Noted(Generation generation, Contents noted) implements Generation {

        @Override
        public String name() {
            return generation.name();
        }

        @Override
        public boolean isOwn() {
            return generation.isOwn();
        }

        @Override
        public boolean isAlive() {
            return generation.isAlive();
        }

        @Override
        public String writer() {
            return generation.writer();
        }

        @Override
        public void force() {
            generation.force();
        }

        @Override
        public long read(long cursor, EntrySink sink) {
            throw new AssertionError("it was said what is in " + name());
        }

        @Override
        public Reading reading(ExperimentId id) {
            return generation.reading(id);
        }

        @Override
        public Optional<Contents> contents() {
            return Optional.of(noted);
        }

        @Override
        public Optional<String> damage() {
            return generation.damage();
        }
    }

    /** One generation is finished and says what it holds. */
    private static UnaryOperator<List<Generation>> noted(int number, Contents.Content... experiments) {
        var noted = new Contents(List.of(experiments), 0);
        return generations -> generations.stream()
                .map(each -> each.name().equals("%08d".formatted(number)) ? new Noted(each, noted) : each)
                .toList();
    }

    private static UnaryOperator<List<Generation>> without(int... missing) {
        var gone = new TreeSet<String>();
        IntStream.of(missing).forEach(number -> gone.add("%08d".formatted(number)));
        return generations -> generations.stream()
                .filter(generation -> !gone.contains(generation.name()))
                .toList();
    }

    /** In its place an event that cannot stand there: nothing was prepared. */
    private static Entry abandoned(Entry entry) {
        return new Entry(
                entry.position(),
                entry.id(),
                entry.index(),
                entry.time(),
                entry.cut(),
                entry.chain(),
                new Event.SaveAbandoned("never prepared"));
    }

    private static UnaryOperator<List<Generation>> changed(
            String name, UnaryOperator<Entry> entries, java.util.function.LongPredicate keepsRecord) {
        return generations -> generations.stream()
                .map(generation -> generation.name().equals(name)
                        ? new Changed(generation, entries, keepsRecord, it -> {})
                        : generation)
                .toList();
    }

    private static ExperimentId id(Experiment run) {
        return ExperimentId.parse(run.id().orElseThrow());
    }

    /** Experiment x of the first process goes on in the second one, which has y too. */
    private ExperimentId twoStretches() {
        return twoStretches(false);
    }

    private ExperimentId twoStretches(boolean saves) {
        var first = world.process();
        var run = first.begin("x");
        run.setParam("lr", 1);
        run.logMetric("loss", 1);
        first.die();
        var second = world.process();
        second.begin("y").logMetric("loss", 7);
        var heir = second.daybook().resume("x");
        heir.logMetric("loss", 2);
        heir.setParam("lr", 2);
        second.find("y").logMetric("loss", 8);
        if (saves) {
            heir.save();
        }
        return id(run);
    }

    // Order.

    @Test
    void stretches_are_put_together_whatever_the_order_of_the_generations() {
        var id = twoStretches();
        var expected = read(new Catalog(new InMemoryJournal(world.store)));
        assertThat(expected).hasSize(2).containsKey(id);
        for (int seed = 0; seed < 10; seed++) {
            var random = new Random(seed);
            var catalog = new Catalog(new Shown(world, generations -> {
                var shuffled = new ArrayList<>(generations);
                Collections.shuffle(shuffled, random);
                return shuffled;
            }));
            assertThat(read(catalog)).isEqualTo(expected);
            assertThat(catalog.damage()).isEmpty();
        }
    }

    @Test
    void an_heir_may_be_older_than_whom_it_inherits_from() {
        var old = world.process();
        old.begin("first");
        var young = world.process();
        var run = young.begin("x");
        run.logMetric("loss", 1);
        young.die();
        var heir = old.daybook().resume("x");
        heir.logMetric("loss", 2);
        heir.setParam("lr", 1);

        var catalog = new Catalog(new InMemoryJournal(world.store));
        catalog.catchUp();
        var stream = catalog.find(id(run)).orElseThrow();
        assertThat(stream.stretches().stream().map(it -> it.generation().name()))
                .containsExactly("00000001", "00000000");
        assertThat(stream.owner().name()).isEqualTo("00000000");
        assertThat(stream.fold().metricRecords()).isEqualTo(2);
        assertThat(catalog.damage()).isEmpty();
    }

    @Test
    void who_has_looked_before_sees_the_last_records_of_what_an_older_process_has_discarded() {
        var old = world.process();
        old.begin("first");
        var young = world.process();
        var run = young.begin("x");
        run.metric("loss");
        var catalog = new Catalog(new InMemoryJournal(world.store));
        catalog.catchUp();

        run.logMetric("loss", 1);
        young.daybook().close();
        old.find("x").discard();

        catalog.catchUp();
        var stream = catalog.find(id(run)).orElseThrow();
        assertThat(stream.fold().metricRecords()).isOne();
        assertThat(catalog.damage()).isEmpty();
    }

    @Test
    void experiments_that_go_back_and_forth_between_two_processes_are_put_together() {
        var a = world.process();
        var b = world.process();
        var one = a.begin("one");
        var two = b.begin("two");
        for (int i = 0; i < 6; i++) {
            one.logMetric("loss", i);
            two.logMetric("loss", -i);
            one.close();
            two.close();
            one = (i % 2 == 0 ? b : a).daybook().resume("one");
            two = (i % 2 == 0 ? a : b).daybook().resume("two");
        }
        var catalog = new Catalog(new InMemoryJournal(world.store));
        catalog.catchUp();

        for (var run : List.of(one, two)) {
            var stream = catalog.find(id(run)).orElseThrow();
            assertThat(stream.stretches()).hasSize(7);
            assertThat(stream.fold().metrics())
                    .singleElement()
                    .satisfies(metric -> assertThat(metric.count()).isEqualTo(6));
        }
        assertThat(catalog.damage()).isEmpty();
    }

    @Test
    void one_experiment_that_goes_back_and_forth_is_followed_through_all_its_stretches() {
        var a = world.process();
        var b = world.process();
        var run = a.begin("one");
        for (int i = 0; i < 7; i++) {
            run.logMetric("loss", i);
            run.close();
            run = (i % 2 == 0 ? b : a).daybook().resume("one");
        }

        assertThat(run.history().events())
                .last()
                .satisfies(last -> assertThat(last.kind()).isEqualTo("ExperimentResumed"));
        assertThat(run.history().gone()).isEmpty();
        assertThat(run.history().events().stream().filter(it -> it.kind().equals("ExperimentResumed")))
                .hasSize(7);
    }

    @Test
    void what_was_saved_in_a_finished_generation_is_not_unfinished_where_it_began() {
        var first = world.process();
        var run = first.begin("x");
        var id = id(run);
        run.close();
        var second = world.process();
        second.daybook().resume("x").save();
        second.die();

        var catalog = new Catalog(new Shown(world, noted(1, new Contents.Content(id, 1, false, true))));
        catalog.catchUp();

        assertThat(catalog.unfinished()).isEmpty();
        assertThat(catalog.isSettled(id)).isTrue();
        assertThat(catalog.damage()).isEmpty();
    }

    @Test
    void settled_is_what_was_seen_to_be_saved_or_discarded() {
        var process = world.process();
        var saved = process.begin("saved");
        saved.save();
        var discarded = process.begin("discarded");
        var discardedId = id(discarded);
        discarded.discard();
        var completed = process.begin("completed").complete();
        var broken = process.begin("broken");
        var catalog = new Catalog(new Shown(
                world,
                changed("00000000", entry -> entry.id().equals(id(broken)) ? abandoned(entry) : entry, step -> true)));
        catalog.catchUp();

        assertThat(List.of(id(saved), discardedId)).allMatch(catalog::isSettled);
        assertThat(List.of(id(completed), id(broken), ExperimentId.of(1, new UUID(2, 3))))
                .noneMatch(catalog::isSettled);
        assertThat(catalog.damage()).hasSize(1);
    }

    @Test
    void what_was_saved_is_no_damage_when_its_beginning_was_deleted() {
        var id = twoStretches(true);

        var catalog = new Catalog(new Shown(world, without(0)));
        catalog.catchUp();

        assertThat(catalog.find(id)).isEmpty();
        assertThat(catalog.unfinished().stream().map(stream -> stream.data().name()))
                .containsExactly("y");
        assertThat(catalog.damage()).isEmpty();
    }

    @Test
    void the_unfinished_are_listed_oldest_first_whatever_the_generations() {
        var a = world.process();
        var b = world.process();
        a.begin("one");
        b.begin("two");
        a.begin("three");
        var catalog = new Catalog(new InMemoryJournal(world.store));
        catalog.catchUp();

        assertThat(catalog.unfinished().stream().map(stream -> stream.data().name()))
                .containsExactly("one", "two", "three");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void catching_up_step_by_step_equals_reading_at_once(long seed) {
        var random = new Random(seed);
        var processes = List.of(world.process(), world.process(), world.process());
        var follower = new Catalog(new InMemoryJournal(world.store));
        var handles = new ArrayList<Experiment>();
        for (int i = 0; i < 4; i++) {
            handles.add(processes.get(i % 3).begin("x" + i));
        }
        for (int step = 0; step < 200; step++) {
            int which = random.nextInt(handles.size());
            var run = handles.get(which);
            switch (random.nextInt(5)) {
                case 0 -> {
                    run.close();
                    handles.set(
                            which, processes.get(random.nextInt(3)).daybook().resume("x" + which));
                }
                case 1 -> run.setParam("p" + random.nextInt(3), step);
                case 2 -> run.logMetric("m" + random.nextInt(3), step, random.nextDouble());
                case 3 -> run.logMetric("m", step);
                default -> {
                    if (random.nextInt(4) == 0) {
                        follower.catchUp();
                    } else {
                        run.tag("t" + step);
                    }
                }
            }
        }
        var atOnce = new Catalog(new InMemoryJournal(world.store));

        assertThat(read(follower)).isEqualTo(read(atOnce)).hasSize(4);
        assertThat(follower.damage()).isEmpty();
    }

    @Test
    void a_follower_that_catches_up_after_each_call_has_seen_the_same() {
        var follower = new Catalog(new InMemoryJournal(world.store));
        var a = world.process();
        var b = world.process();
        b.begin("before");
        follower.catchUp();
        var run = a.begin("x");
        follower.catchUp();
        run.logMetric("loss", 1);
        follower.catchUp();
        run.close();
        follower.catchUp();
        var heir = b.daybook().resume("x");
        heir.logMetric("loss", 2);
        follower.catchUp();
        heir.close();
        var again = a.daybook().resume("x");
        again.logMetric("loss", 3);
        follower.catchUp();
        again.complete();

        assertThat(read(follower)).isEqualTo(read(new Catalog(new InMemoryJournal(world.store))));
    }

    @Test
    void a_source_stays_as_it_was_while_more_is_written() {
        var a = world.process();
        var run = a.begin("x");
        run.logMetric("loss", 1);
        var source = a.daybook().source(id(run));
        run.logMetric("loss", 2);
        run.setParam("lr", 1);

        var values = new ArrayList<Double>();
        source.records((metric, step, value, epochMilli) -> values.add(value));
        assertThat(values).containsExactly(1.0);
        assertThat(source.metrics())
                .singleElement()
                .satisfies(metric -> assertThat(metric.count()).isEqualTo(1));
        assertThat(source.data().overrides().isEmpty()).isTrue();
    }

    @Test
    void a_source_ends_before_the_save_was_prepared() {
        var a = world.process();
        var run = a.begin("x");
        run.logMetric("loss", 1);
        world.git.setRef(World.REFS + "x", "a".repeat(40));
        assertThatThrownBy(run::save).isInstanceOf(NameTakenException.class);
        run.saveAs("y");

        assertThat(a.daybook().source(id(run)).entries().stream()
                        .map(entry -> entry.event().getClass().getSimpleName()))
                .containsExactly("ExperimentInitialized", "MetricDefined", "ExperimentCompleted");
    }

    // Overtaken while reading.

    @Test
    void what_is_written_between_two_generations_of_one_round_is_not_taken_for_missing() {
        var a = world.process();
        var run = a.begin("x");
        run.logMetric("loss", 1);
        var b = world.process();
        b.begin("other");
        var overtaking = new ArrayList<Runnable>();
        var catalog = new Catalog(new Shown(
                world,
                generations -> generations.stream()
                        .map(generation -> (Generation) new Changed(generation, entry -> entry, step -> true, it -> {
                            if (it.name().equals("00000001") && !overtaking.isEmpty()) {
                                overtaking.remove(0).run();
                            }
                        }))
                        .toList()));
        catalog.catchUp();
        // After the first generation was read and before the second is.
        overtaking.add(() -> {
            run.setParam("lr", 1);
            run.close();
            b.daybook().resume("x").setParam("lr", 2);
        });
        catalog.catchUp();
        assertThat(catalog.damage()).isEmpty();
        catalog.catchUp();

        assertThat(catalog.damage()).isEmpty();
        assertThat(catalog.find(id(run)).orElseThrow().stretches()).hasSize(2);
    }

    // Damage.

    @Test
    void a_missing_beginning_makes_an_orphan_and_leaves_the_others() {
        var id = twoStretches();
        var catalog = new Catalog(new Shown(world, without(0)));
        catalog.catchUp();

        assertThat(catalog.find(id)).isEmpty();
        assertThat(catalog.damage())
                .containsExactly("experiment " + id + " goes on in the journal, but its beginning is missing");
        assertThat(catalog.unfinished()).singleElement().satisfies(stream -> {
            assertThat(stream.data().name()).isEqualTo("y");
            assertThat(stream.fold().metricRecords()).isEqualTo(2);
        });
        catalog.catchUp();
        assertThat(catalog.damage()).hasSize(1);
    }

    @Test
    void several_orphans_are_each_reported() {
        var a = world.process();
        var ids = Set.of(id(a.begin("one")), id(a.begin("two")), id(a.begin("three")));
        a.die();
        var b = world.process();
        List.of("two", "one", "three").forEach(name -> b.daybook().resume(name));
        b.begin("four");
        var catalog = new Catalog(new Shown(world, without(0)));
        catalog.catchUp();

        assertThat(catalog.damage())
                .hasSize(3)
                .allSatisfy(sentence ->
                        assertThat(ids).anySatisfy(id -> assertThat(sentence).contains(id.toString())));
        assertThat(catalog.unfinished()).hasSize(1);
    }

    @Test
    void an_experiment_whose_middle_is_missing_is_reported_and_not_resumable() {
        var a = world.process();
        var run = a.begin("x");
        a.die();
        var b = world.process();
        b.daybook().resume("x").setParam("lr", 1);
        b.die();
        var c = world.process();
        c.daybook().resume("x").setParam("lr", 2);
        c.die();
        var reader = new Daybook(new Shown(world, without(1)), world.git, world.options());

        assertThat(reader.damage())
                .singleElement()
                .satisfies(sentence -> assertThat(sentence).contains(run.id().orElseThrow()));
        assertThatThrownBy(() -> reader.resume("x")).isInstanceOf(DaybookException.class);
    }

    @Test
    void a_joint_that_does_not_fit_breaks_the_stream_which_is_listed_with_its_problem() {
        twoStretches();
        var reader = new Daybook(
                new Shown(
                        world,
                        changed(
                                "00000001",
                                entry -> entry.event() instanceof Event.ExperimentResumed
                                        ? new Entry(
                                                entry.position(),
                                                entry.id(),
                                                entry.index(),
                                                entry.time().plusMillis(1),
                                                entry.cut(),
                                                entry.chain(),
                                                entry.event())
                                        : entry,
                                step -> true)),
                world.git,
                world.options());

        assertBroken(reader, "event 3 at 00000001#3 does not follow the 3 events before it");
    }

    /** The stream x is broken after its three events of the first generation, and y is fine. */
    private static void assertBroken(Daybook reader, String why) {
        assertThat(reader.damage())
                .singleElement()
                .satisfies(sentence -> assertThat(sentence)
                        .startsWith("the journal of experiment 'x' (")
                        .endsWith(") is damaged at 00000001#3: " + why));
        assertThat(reader.experiments())
                .extracting(
                        ExperimentSummary::name, summary -> summary.problems().size())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("x", 1), org.assertj.core.groups.Tuple.tuple("y", 0));
        assertThat(reader.experiments())
                .filteredOn(summary -> summary.name().equals("x"))
                .singleElement()
                .satisfies(summary -> {
                    assertThat(summary.params()).isEqualTo(Map.of("lr", 1L));
                    assertThat(summary.metrics()).isEqualTo(Map.of("loss", 1.0));
                    assertThat(summary.status()).isNotEqualTo(Status.PERSISTED);
                });
        assertThatThrownBy(() -> reader.resume("x"))
                .isInstanceOf(CorruptJournalException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> reader.find("x")).isInstanceOf(CorruptJournalException.class);
        assertThat(reader.find("y")).isPresent();
    }

    @Test
    void an_impossible_event_breaks_the_stream() {
        var a = world.process();
        var run = a.begin("x");
        run.setParam("lr", 1);
        run.tag("t");
        a.begin("y").tag("t");
        var reader = new Daybook(
                new Shown(
                        world,
                        changed(
                                "00000000",
                                entry -> entry.id().equals(id(run)) && entry.event() instanceof Event.Tagged
                                        ? abandoned(entry)
                                        : entry,
                                step -> true)),
                world.git,
                world.options());

        assertThat(reader.damage())
                .containsExactly("the journal of experiment 'x' (" + run.id().orElseThrow()
                        + ") is damaged at 00000000#2: SaveAbandoned in phase ACTIVE");
        assertThatThrownBy(() -> reader.resume("x")).isInstanceOfSatisfying(CorruptJournalException.class, e -> {
            assertThat(e.generation()).isEqualTo("00000000");
            assertThat(e.document())
                    .as("the first document that is not what was written")
                    .isEqualTo(2);
        });
        assertThat(reader.find("y")).isPresent();
        assertThat(reader.recover()).isEmpty();
    }

    @Test
    void a_break_is_reported_once_though_the_stream_goes_on_behind_it() {
        var a = world.process();
        var run = a.begin("x");
        run.tag("t");
        run.tag("u");
        run.tag("v");
        run.complete();
        var reader = new Daybook(
                new Shown(
                        world,
                        changed("00000000", entry -> entry.index() == 1 ? abandoned(entry) : entry, step -> true)),
                world.git,
                world.options());

        assertThat(reader.damage())
                .containsExactly("the journal of experiment 'x' (" + run.id().orElseThrow()
                        + ") is damaged at 00000000#1: SaveAbandoned in phase ACTIVE");
    }

    @Test
    void a_record_that_is_missing_before_an_heir_is_noticed() {
        var id = twoStretches();
        var reader = new Daybook(
                new Shown(world, changed("00000000", entry -> entry, step -> false)), world.git, world.options());

        assertThat(reader.damage()).anySatisfy(sentence -> assertThat(sentence).contains(id.toString()));
        assertThat(reader.find("y")).isPresent();
    }

    @Test
    void what_could_not_be_read_to_its_end_is_folded_once() {
        var run = world.process().begin("x");
        run.logMetric("loss", 1);
        run.setParam("lr", 1);
        var fails = new java.util.concurrent.atomic.AtomicBoolean(true);
        var catalog = new Catalog(new Shown(
                world,
                changed(
                        "00000000",
                        entry -> {
                            if (entry.index() == 2 && fails.getAndSet(false)) {
                                throw new JournalException("too many open files");
                            }
                            return entry;
                        },
                        step -> true)));
        assertThatThrownBy(catalog::catchUp).isInstanceOf(JournalException.class);

        catalog.catchUp();

        var stream = catalog.find(id(run)).orElseThrow();
        assertThat(stream.broken()).isEmpty();
        assertThat(stream.tail().events()).isEqualTo(3);
        assertThat(stream.fold().metricRecords()).isOne();
    }

    @Test
    void a_source_whose_records_have_gone_says_so() {
        var a = world.process();
        var run = a.begin("x");
        run.logMetric("loss", 1, 1);
        run.logMetric("loss", 2, 1);
        var keeps = new java.util.concurrent.atomic.AtomicBoolean(true);
        var reader = new Daybook(
                new Shown(world, changed("00000000", entry -> entry, step -> keeps.get())), world.git, world.options());
        reader.experiments();
        var source = reader.source(id(run));
        keeps.set(false);

        assertThatThrownBy(() -> source.records((metric, step, value, epochMilli) -> {}))
                .isInstanceOfSatisfying(
                        CorruptJournalException.class,
                        e -> assertThat(e.generation()).isEqualTo("00000000"))
                .hasMessage(
                        "the journal gave 0 of the 2 metric records of experiment 'x'; it was damaged or deleted since"
                                + " it was read first");
    }
}
