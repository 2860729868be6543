package dev.daybook.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.JournalException;
import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.Outcome;
import dev.daybook.port.JournalReading.EventItem;
import dev.daybook.port.JournalReading.Item;
import dev.daybook.port.JournalReading.MetricItem;
import dev.daybook.port.JournalReading.ReleasedItem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link Journal} must do. An implementation's test extends this and says how to {@link #open} one; nothing is ever skipped.
 * After each test a fresh journal on the same directory reads everything and checks it as a whole.
 *
 * <p>Not asserted, because it is the implementation's own: how many writers a cut has and what their checksums are over, what a lease of
 * a released experiment does before its next event, the order of records of different threads, and whether a refused append seals.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
public abstract class JournalContract {

    private static final Instant TIME = Instant.parse("2026-11-23T10:15:30.123Z");
    private static final Code CODE = new Code("1".repeat(40), "2".repeat(40));
    private static final long[] HOSTILE_BITS = {
        0x7FF8_0000_0000_0000L, // NaN
        0x7FF8_0000_DEAD_BEEFL, // quiet NaN with a payload
        0xFFF8_0000_0000_0001L, // negative quiet NaN with a payload
        0x8000_0000_0000_0000L, // -0.0
        0x0000_0000_0000_0000L,
        0x7FF0_0000_0000_0000L, // infinity
        0xFFF0_0000_0000_0000L,
        0x0000_0000_0000_0001L, // the least double
        0x7FEF_FFFF_FFFF_FFFFL, // the greatest
    };

    private final List<Journal> opened = new ArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private Path dir;

    /** Opens a journal below a directory, which need not exist; two of them at once work like two processes. */
    protected abstract Journal open(Path directory);

    @BeforeEach
    void directory(@TempDir Path temporary) {
        dir = temporary.resolve("git").resolve("daybook").resolve("journal");
    }

    @AfterEach
    void everything_is_sound_to_a_journal_that_comes_later() {
        opened.forEach(Journal::close);
        try (var later = open(dir)) {
            JournalReading.requireSound(later);
            assertThat(later.generations()).noneMatch(Generation::isAlive).noneMatch(Generation::isOwn);
        }
    }

    // Events

    @Test
    void what_was_appended_comes_back_in_order() {
        var journal = open();
        var id = newId();
        var events = List.of(
                initialized("lr-sweep"),
                new Event.Tagged("baseline \u00e9\ud83d\ude00"),
                new Event.NoteTaken("half a pair: \ud800, and NUL: \0"),
                new Event.ExperimentCompleted(Outcome.failed("out of memory"), Optional.of(CODE)),
                new Event.ExperimentDiscarded());

        var appended = new ArrayList<Entry>();
        var tail = Tail.start(id);
        for (var event : events) {
            var condition = tail.events() == 0 ? AppendCondition.begins(id) : AppendCondition.continues(tail);
            appended.add(journal.append(id, condition, TIME.plusMillis(7 * tail.events()), event));
            tail = appended.get(appended.size() - 1).tail();
        }

        assertThat(appended).extracting(Entry::event).isEqualTo(events);
        assertThat(appended).extracting(Entry::id).containsOnly(id);
        assertThat(appended).extracting(Entry::index).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(appended).extracting(Entry::cut).containsOnly(Cut.NONE);
        assertThat(appended)
                .extracting(entry -> entry.time().toEpochMilli() - TIME.toEpochMilli())
                .containsExactly(0L, 7L, 14L, 21L, 28L);
        assertThat(JournalReading.entries(JournalReading.everything(journal))).isEqualTo(appended);
    }

    @Test
    void the_time_is_kept_to_the_millisecond() {
        var journal = open();
        var id = newId();

        var entry = journal.append(
                id, AppendCondition.begins(id), Instant.parse("2026-11-23T10:15:30.123999999Z"), initialized("a"));

        assertThat(entry.time()).isEqualTo(Instant.parse("2026-11-23T10:15:30.123Z"));
        assertThat(JournalReading.entries(JournalReading.everything(journal))).containsExactly(entry);
    }

    @Test
    void a_clock_that_goes_backwards_does_not_reorder_events() {
        var journal = open();
        var first = begin(journal, newId());

        var second = journal.append(
                first.id(), AppendCondition.continues(first.tail()), TIME.minusSeconds(3_600), new Event.Tagged("t"));

        assertThat(JournalReading.entries(JournalReading.everything(journal))).containsExactly(first, second);
    }

    @Test
    void the_chain_can_be_computed_again_from_what_was_read() {
        var journal = open();
        var id = newId();
        var first = begin(journal, id);
        var lease = journal.lease(id);
        assertThat(lease.publish(0, 1, 0.5, TIME.toEpochMilli())).isTrue();
        var second = tag(journal, first.tail(), id, "one record later");

        assertThat(first.chain())
                .isEqualTo(Chain.start(id)
                        .next(0, first.time().toEpochMilli(), Cut.NONE, EventCodec.encode(first.event())));
        assertThat(second.cut().records()).isEqualTo(1);
        assertThat(second.chain())
                .isEqualTo(first.chain()
                        .next(1, second.time().toEpochMilli(), second.cut(), EventCodec.encode(second.event())));
    }

    @Test
    void experiments_side_by_side_have_streams_of_their_own() {
        var journal = open();
        var one = begin(journal, newId());
        var other = begin(journal, newId());

        var oneMore = tag(journal, one.tail(), one.id(), "one");
        var otherMore = tag(journal, other.tail(), other.id(), "other");

        assertThat(oneMore.index()).isEqualTo(1);
        assertThat(otherMore.index()).isEqualTo(1);
        assertThat(JournalReading.entries(JournalReading.everything(journal)))
                .containsExactly(one, other, oneMore, otherMore);
    }

    @Test
    void the_largest_event_there_can_be_is_taken() {
        var journal = open();
        var first = begin(journal, newId());
        int overhead = EventCodec.encode(new Event.NoteTaken("x".repeat(1_999_000))).length - 1_999_000;
        var note = new Event.NoteTaken("x".repeat(EventCodec.MAX_BYTES - overhead));
        assertThat(EventCodec.encode(note)).hasSize(EventCodec.MAX_BYTES);

        var second = journal.append(first.id(), AppendCondition.continues(first.tail()), TIME, note);
        var third = tag(journal, second.tail(), first.id(), "behind it");

        assertThat(JournalReading.entries(JournalReading.everything(open()))).containsExactly(first, second, third);
    }

    @Test
    void an_event_that_is_too_large_is_refused_and_the_stream_goes_on() {
        var journal = open();
        var first = begin(journal, newId());
        var note = new Event.NoteTaken("x".repeat(EventCodec.MAX_BYTES));

        assertThatThrownBy(() -> journal.append(first.id(), AppendCondition.continues(first.tail()), TIME, note))
                .hasMessageContaining("larger than");

        var second = tag(journal, first.tail(), first.id(), "small");
        assertThat(JournalReading.entries(JournalReading.everything(journal))).containsExactly(first, second);
    }

    // Conditions

    @Test
    void an_experiment_begins_only_once() {
        var journal = open();
        var first = begin(journal, newId());

        assertRefused(journal, first.id(), AppendCondition.begins(first.id()));
    }

    @Test
    void a_stale_tail_is_refused() {
        var journal = open();
        var first = begin(journal, newId());
        var second = tag(journal, first.tail(), first.id(), "newer");

        assertRefused(journal, first.id(), AppendCondition.continues(first.tail()));
        assertRefused(journal, first.id(), AppendCondition.continues(new Tail(2, first.chain())));
        assertRefused(journal, first.id(), AppendCondition.continues(new Tail(3, second.chain())));
        tag(journal, second.tail(), first.id(), "and the true one is taken");
    }

    @Test
    void a_stream_that_is_not_here_cannot_be_continued() {
        var journal = open();
        var stranger = newId();

        assertRefused(journal, stranger, AppendCondition.continues(Tail.start(stranger)));
        assertThat(journal.generations()).isEmpty();
        begin(journal, newId());
        assertRefused(journal, stranger, AppendCondition.continues(Tail.start(stranger)));
    }

    @Test
    void a_stream_in_another_generation_cannot_be_continued_even_by_its_true_tail() {
        var first = begin(open(), newId());
        var other = open();
        begin(other, newId());

        assertRefused(other, first.id(), AppendCondition.continues(first.tail()));
    }

    @Test
    void nobody_inherits_without_the_lock() {
        var journal = open();
        var first = begin(journal, newId());
        journal.close();

        assertRefused(open(), first.id(), AppendCondition.inherits(first.tail()));
    }

    @Test
    void nobody_inherits_what_goes_on_in_his_own_journal() {
        var journal = open();
        var first = begin(journal, newId());
        var second = tag(journal, first.tail(), first.id(), "newer");

        assertRefusedInTheLock(journal, first.id(), AppendCondition.inherits(first.tail()));
        assertRefusedInTheLock(journal, first.id(), AppendCondition.inherits(second.tail()));
        tag(journal, second.tail(), first.id(), "and it does go on");
    }

    @Test
    void nobody_inherits_what_has_not_begun() {
        var journal = open();
        var id = newId();

        assertRefusedInTheLock(journal, id, AppendCondition.inherits(Tail.start(id)));
        begin(journal, id);
    }

    @Test
    void an_experiment_does_not_begin_with_the_chain_of_another_one() {
        var journal = open();
        var id = newId();

        assertRefused(journal, id, AppendCondition.begins(newId()));
        begin(journal, id);
    }

    @Test
    void of_many_threads_that_continue_from_one_tail_one_is_let_through() throws Exception {
        var journal = open();
        var first = begin(journal, newId());
        var taken = new AtomicInteger();

        inParallel(4, thread -> {
            for (int i = 0; i < 20; i++) {
                try {
                    tag(journal, first.tail(), first.id(), "thread " + thread);
                    taken.incrementAndGet();
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageContaining(first.id().toString());
                }
            }
        });

        assertThat(taken).hasValue(1);
        assertThat(JournalReading.entries(JournalReading.everything(journal))).hasSize(2);
    }

    // Leases

    @Test
    void records_stand_between_the_events_around_them_bit_by_bit() {
        var journal = open();
        var id = newId();
        var first = begin(journal, id);
        var expected = new ArrayList<Item>(List.of(new EventItem(first)));
        var lease = journal.lease(id);
        for (int i = 0; i < HOSTILE_BITS.length; i++) {
            double value = Double.longBitsToDouble(HOSTILE_BITS[i]);
            long step = i % 2 == 0 ? Long.MAX_VALUE - i : Long.MIN_VALUE + i;
            assertThat(lease.publish(i, step, value, TIME.toEpochMilli() + i)).isTrue();
            expected.add(new MetricItem(id, i, step, HOSTILE_BITS[i], TIME.toEpochMilli() + i));
        }
        var second = tag(journal, first.tail(), id, "behind");
        expected.add(new EventItem(second));
        assertThat(journal.lease(id).publish(0, 0, 1, 2)).isTrue();
        expected.add(new MetricItem(id, 0, 0, Double.doubleToRawLongBits(1), 2));
        var third = tag(journal, second.tail(), id, "the end");
        expected.add(new EventItem(third));

        assertThat(JournalReading.everything(journal)).isEqualTo(expected);
        assertThat(JournalReading.everything(open())).isEqualTo(expected);
        assertThat(second.cut().records()).isEqualTo(HOSTILE_BITS.length);
        assertThat(third.cut().records()).isEqualTo(HOSTILE_BITS.length + 1);
    }

    @Test
    void a_record_is_there_for_every_reader_as_soon_as_it_is_acknowledged() {
        var journal = open();
        var first = begin(journal, newId());
        var reader = open();
        var lease = journal.lease(first.id());

        for (int step = 0; step < 3; step++) {
            assertThat(lease.publish(0, step, step, 0)).isTrue();
            assertThat(JournalReading.records(JournalReading.everything(reader)))
                    .hasSize(step + 1);
        }
    }

    @Test
    void many_records_all_come_back() {
        var journal = open();
        var first = begin(journal, newId());
        var lease = journal.lease(first.id());
        int count = 100_000;
        for (int step = 0; step < count; step++) {
            if (!lease.publish(step % 3, step, step * 0.5, step)) {
                throw new AssertionError("sealed at " + step);
            }
        }
        var last = tag(journal, first.tail(), first.id(), "the end");

        assertThat(last.cut().records()).isEqualTo(count);
        var records = JournalReading.records(JournalReading.everything(open()));
        assertThat(records).hasSize(count);
        for (int step = 0; step < count; step++) {
            var expected = new MetricItem(first.id(), step % 3, step, Double.doubleToRawLongBits(step * 0.5), step);
            if (!records.get(step).equals(expected)) {
                throw new AssertionError("expected " + expected + ", was " + records.get(step));
            }
        }
    }

    @Test
    void the_next_event_seals_the_lease() {
        var journal = open();
        var first = begin(journal, newId());
        var lease = journal.lease(first.id());
        assertThat(lease.publish(0, 1, 1, 1)).isTrue();
        var second = tag(journal, first.tail(), first.id(), "sealing");

        assertSealed(lease, journal);
        var another = journal.lease(first.id());
        assertThat(another.publish(0, 2, 2, 2)).isTrue();
        tag(journal, second.tail(), first.id(), "sealing again");
        assertSealed(another, journal);
    }

    @Test
    void the_event_of_another_experiment_seals_nothing() {
        var journal = open();
        var one = begin(journal, newId());
        var other = begin(journal, newId());
        var lease = journal.lease(one.id());

        tag(journal, other.tail(), other.id(), "elsewhere");

        assertThat(lease.publish(0, 1, 1, 1)).isTrue();
    }

    @Test
    void release_and_seal_and_close_seal_the_lease() {
        var journal = open();
        var one = begin(journal, newId());
        var two = begin(journal, newId());
        var three = begin(journal, newId());
        var released = journal.lease(one.id());
        var sealed = journal.lease(two.id());
        var closed = journal.lease(three.id());

        journal.release(one.id());
        assertSealed(released, journal);
        sealed.seal();
        sealed.seal();
        assertSealed(sealed, journal);
        assertThat(closed.publish(0, 1, 1, 1)).isTrue();
        journal.close();
        assertSealed(closed, open());
    }

    @Test
    void after_a_seal_another_lease_is_to_be_had() {
        var journal = open();
        var first = begin(journal, newId());
        var lease = journal.lease(first.id());
        assertThat(lease.publish(0, 1, 1, 1)).isTrue();
        lease.seal();

        assertThat(journal.lease(first.id()).publish(0, 2, 2, 2)).isTrue();

        assertThat(JournalReading.records(JournalReading.everything(journal)))
                .extracting(MetricItem::step)
                .containsExactly(1L, 2L);
    }

    @Test
    void there_is_no_lease_where_the_stream_does_not_end() {
        var journal = open();
        var stranger = newId();
        assertThatThrownBy(() -> journal.lease(stranger)).isInstanceOf(IllegalStateException.class);

        var first = begin(journal, newId());
        assertThatThrownBy(() -> journal.lease(stranger)).isInstanceOf(IllegalStateException.class);
        var other = open();
        begin(other, newId());
        assertThatThrownBy(() -> other.lease(first.id())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void several_threads_on_one_lease_lose_nothing_and_keep_their_order() throws Exception {
        var journal = open();
        var first = begin(journal, newId());
        var lease = journal.lease(first.id());
        int threads = 4;
        int each = 5_000;

        inParallel(threads, thread -> {
            for (int step = 0; step < each; step++) {
                assertThat(lease.publish(thread, step, thread + step, step)).isTrue();
            }
        });
        var last = tag(journal, first.tail(), first.id(), "the end");

        assertThat(last.cut().records()).isEqualTo((long) threads * each);
        assertStepsOfEachMetric(JournalReading.everything(journal), first.id(), new long[] {each, each, each, each});
    }

    @Test
    void all_that_was_acknowledged_stands_before_the_sealing_event_and_nothing_else_is_there() throws Exception {
        for (int round = 0; round < 20; round++) {
            var journal = open();
            var first = begin(journal, newId());
            var lease = journal.lease(first.id());
            var acknowledged = new long[3];
            var running = new CountDownLatch(acknowledged.length);
            var last = new ArrayList<Entry>();

            inParallel(acknowledged.length + 1, thread -> {
                if (thread == acknowledged.length) {
                    running.await();
                    last.add(tag(journal, first.tail(), first.id(), "sealing in the middle of it"));
                    return;
                }
                long step = 0;
                while (step < 10_000 && lease.publish(thread, step, 0.5, step)) {
                    step++;
                    if (step == 10) {
                        running.countDown();
                    }
                }
                acknowledged[thread] = step;
            });

            var items = JournalReading.of(first.id(), JournalReading.everything(journal));
            assertStepsOfEachMetric(items, first.id(), acknowledged);
            assertThat(items.get(items.size() - 1)).isEqualTo(new EventItem(last.get(0)));
            assertThat(last.get(0).cut().records()).isEqualTo(acknowledged[0] + acknowledged[1] + acknowledged[2]);
            journal.close();
        }
    }

    @Test
    void what_was_acknowledged_while_the_journal_closes_is_there() throws Exception {
        var journal = open();
        var first = begin(journal, newId());
        var lease = journal.lease(first.id());
        var acknowledged = new long[3];
        var running = new CountDownLatch(acknowledged.length);

        inParallel(acknowledged.length + 1, thread -> {
            if (thread == acknowledged.length) {
                running.await();
                journal.close();
                return;
            }
            long step = 0;
            while (step < 100_000 && lease.publish(thread, step, 0.5, step)) {
                step++;
                if (step == 10) {
                    running.countDown();
                }
            }
            acknowledged[thread] = step;
        });

        assertStepsOfEachMetric(JournalReading.everything(open()), first.id(), acknowledged);
    }

    // Reading

    @Test
    void there_is_no_generation_before_the_first_event() {
        var journal = open();
        assertThat(journal.generations()).isEmpty();

        var first = begin(journal, newId());

        assertThat(journal.generations()).hasSize(1);
        assertThat(first.position().generation())
                .isEqualTo(journal.generations().get(0).name());
        assertThat(journal.generations().get(0).writer()).isNotBlank();
        journal.generations().get(0).force();
    }

    @Test
    void a_generation_is_one_object_however_often_it_is_asked_for() {
        var journal = open();
        begin(journal, newId());
        var other = open();
        begin(other, newId());

        assertThat(journal.generations()).hasSize(2);
        assertThat(journal.generations().get(0)).isSameAs(journal.generations().get(0));
        assertThat(journal.generations().get(1)).isSameAs(journal.generations().get(1));
        assertThat(journal.generations())
                .extracting(Generation::name)
                .isSorted()
                .isEqualTo(other.generations().stream().map(Generation::name).toList());
    }

    @Test
    void reading_in_portions_is_reading_at_once() {
        var journal = open();
        fillWithThreeExperiments(journal);
        var whole = JournalReading.everything(journal);

        for (int portion : new int[] {1, 2, 3, 7}) {
            var parts = new ArrayList<Item>();
            var generation = open().generations().get(0);
            long cursor = 0;
            int before;
            do {
                before = parts.size();
                var reading = new JournalReading(portion);
                cursor = generation.read(cursor, reading);
                parts.addAll(reading.items());
                assertThat(JournalReading.entries(reading.items())).hasSizeLessThanOrEqualTo(portion);
            } while (parts.size() > before);
            assertThat(parts).isEqualTo(whole);
            assertThat(generation.damage()).isEmpty();
        }
    }

    @Test
    void a_sink_that_stops_in_front_of_an_entry_is_given_it_again() {
        var journal = open();
        var first = begin(journal, newId());
        var generation = journal.generations().get(0);

        long cursor = generation.read(0, new JournalReading(0));
        cursor = generation.read(cursor, new JournalReading(0));
        var reading = new JournalReading();
        cursor = generation.read(cursor, reading);

        assertThat(reading.items()).containsExactly(new EventItem(first));
        var nothing = new JournalReading();
        assertThat(generation.read(cursor, nothing)).isEqualTo(cursor);
        assertThat(nothing.items()).isEmpty();
    }

    @Test
    void a_follower_sees_everything_once_while_it_is_being_written() {
        var journal = open();
        var one = begin(journal, newId());
        var other = begin(journal, newId());
        var follower = open().generations().get(0);
        var followed = new ArrayList<Item>();
        long cursor = 0;
        var tail = other.tail();
        var lease = journal.lease(one.id());
        for (int step = 0; step < 30; step++) {
            assertThat(lease.publish(0, step, step, step)).isTrue();
            if (step % 4 == 1) {
                tail = tag(journal, tail, other.id(), "step " + step).tail();
            }
            if (step % 3 == 2) {
                assertThat(journal.lease(other.id()).publish(1, step, -step, step))
                        .isTrue();
            }
            var reading = new JournalReading();
            cursor = follower.read(cursor, reading);
            followed.addAll(reading.items());
        }
        journal.close();
        var rest = new JournalReading();
        follower.read(cursor, rest);
        followed.addAll(rest.items());

        var whole = JournalReading.everything(open());
        assertThat(JournalReading.of(one.id(), followed)).isEqualTo(JournalReading.of(one.id(), whole));
        assertThat(JournalReading.of(other.id(), followed)).isEqualTo(JournalReading.of(other.id(), whole));
        assertThat(followed).hasSameSizeAs(whole).hasSize(30 + 10 + 2 + 8);
        assertThat(follower.damage()).isEmpty();
    }

    @Test
    void another_journal_sees_everything_while_the_first_lives_and_after_it() {
        var journal = open();
        fillWithThreeExperiments(journal);
        var other = open();

        var seen = JournalReading.everything(other);
        assertThat(seen).isEqualTo(JournalReading.everything(journal));
        assertThat(JournalReading.entries(seen)).hasSizeGreaterThan(3);
        journal.close();
        assertThat(JournalReading.everything(other)).isEqualTo(seen);
        assertThat(JournalReading.everything(open())).isEqualTo(seen);
    }

    @Test
    void a_generation_is_own_to_its_journal_and_alive_until_that_closes() {
        var journal = open();
        begin(journal, newId());
        var other = open();

        assertThat(journal.generations().get(0).isOwn()).isTrue();
        assertThat(journal.generations().get(0).isAlive()).isTrue();
        assertThat(other.generations().get(0).isOwn()).isFalse();
        assertThat(other.generations().get(0).isAlive()).isTrue();
        journal.close();
        assertThat(other.generations().get(0).isAlive()).isFalse();
        assertThat(other.generations().get(0).isOwn()).isFalse();
    }

    @Test
    void to_look_whether_a_generation_lives_does_not_end_its_life() {
        var journal = open();
        var first = begin(journal, newId());
        for (int i = 0; i < 3; i++) {
            try (var passerBy = open()) {
                assertThat(passerBy.generations().get(0).isAlive()).isTrue();
                assertThat(JournalReading.everything(passerBy)).hasSize(1 + i);
            }
            assertThat(journal.generations().get(0).isAlive()).isTrue();
            assertThat(journal.lease(first.id()).publish(0, i, i, i)).isTrue();
        }
        assertThat(open().generations().get(0).isAlive()).isTrue();
    }

    // Takeover

    @Test
    void an_heir_goes_on_where_the_dead_owner_stopped() {
        var journal = open();
        var id = newId();
        var first = begin(journal, id);
        assertThat(journal.lease(id).publish(0, 1, 1, 1)).isTrue();
        journal.close();
        var heir = open();
        begin(heir, newId());

        var second = heir.exclusively(
                () -> heir.append(id, AppendCondition.inherits(first.tail()), TIME.plusMillis(5), resumed(first)));
        assertThat(heir.lease(id).publish(0, 2, 2, 2)).isTrue();
        var third = tag(heir, second.tail(), id, "the heir's own");

        assertThat(second.index()).isEqualTo(1);
        assertThat(second.cut().records()).isZero();
        assertThat(second.position().generation()).isNotEqualTo(first.position().generation());
        assertThat(second.chain())
                .isEqualTo(first.chain()
                        .next(1, TIME.plusMillis(5).toEpochMilli(), second.cut(), EventCodec.encode(second.event())));
        assertThat(third.index()).isEqualTo(2);
        assertThat(third.cut().records()).isEqualTo(1);
        var items = JournalReading.of(id, JournalReading.everything(open()));
        assertThat(items)
                .containsExactly(
                        new EventItem(first),
                        new MetricItem(id, 0, 1, Double.doubleToRawLongBits(1), 1),
                        new EventItem(second),
                        new MetricItem(id, 0, 2, Double.doubleToRawLongBits(2), 2),
                        new EventItem(third));
        assertRefused(heir, id, AppendCondition.continues(first.tail()));
    }

    @Test
    void an_heir_may_have_no_generation_of_its_own_yet() {
        var journal = open();
        var first = begin(journal, newId());
        journal.close();
        var heir = open();

        var second = heir.exclusively(
                () -> heir.append(first.id(), AppendCondition.inherits(first.tail()), TIME, resumed(first)));

        assertThat(heir.generations()).extracting(Generation::isOwn).containsExactly(false, true);
        assertThat(JournalReading.entries(JournalReading.everything(heir))).containsExactly(first, second);
    }

    @Test
    void an_heir_may_be_older_than_the_owner_and_the_stream_may_come_back() {
        var elder = open();
        begin(elder, newId());
        var younger = open();
        var id = newId();
        var first = begin(younger, id);
        assertThat(younger.lease(id).publish(0, 1, 1, 1)).isTrue();
        younger.release(id);

        var second =
                elder.exclusively(() -> elder.append(id, AppendCondition.inherits(first.tail()), TIME, resumed(first)));
        assertThat(elder.lease(id).publish(0, 2, 2, 2)).isTrue();
        elder.close();
        var third = younger.exclusively(
                () -> younger.append(id, AppendCondition.inherits(second.tail()), TIME, resumed(second)));
        assertThat(younger.lease(id).publish(0, 3, 3, 3)).isTrue();
        var fourth = tag(younger, third.tail(), id, "home again");

        assertThat(second.cut().records()).isZero();
        assertThat(third.cut().records()).isEqualTo(1);
        assertThat(fourth.cut().records()).isEqualTo(2);
        assertThat(fourth.index()).isEqualTo(3);
        assertThat(fourth.position().generation())
                .isEqualTo(first.position().generation())
                .isGreaterThan(second.position().generation());
    }

    @Test
    void what_was_released_can_go_on_where_it_was() {
        var journal = open();
        var first = begin(journal, newId());
        assertThat(journal.lease(first.id()).publish(0, 1, 1, 1)).isTrue();
        journal.release(first.id());

        var second = journal.exclusively(
                () -> journal.append(first.id(), AppendCondition.continues(first.tail()), TIME, resumed(first)));
        assertThat(journal.lease(first.id()).publish(0, 2, 2, 2)).isTrue();

        assertThat(second.cut().records()).isEqualTo(1);
        assertThat(JournalReading.everything(open()))
                .containsExactly(
                        new EventItem(first),
                        new MetricItem(first.id(), 0, 1, Double.doubleToRawLongBits(1), 1),
                        new ReleasedItem(first.id()),
                        new EventItem(second),
                        new MetricItem(first.id(), 0, 2, Double.doubleToRawLongBits(2), 2));
    }

    @Test
    void a_released_experiment_is_marked_and_can_be_inherited_from_a_journal_that_lives() {
        var journal = open();
        var first = begin(journal, newId());
        var kept = begin(journal, newId());
        assertThat(journal.lease(first.id()).publish(0, 1, 1, 1)).isTrue();

        journal.release(first.id());

        var heir = open();
        assertThat(JournalReading.of(first.id(), JournalReading.everything(heir)))
                .containsExactly(
                        new EventItem(first),
                        new MetricItem(first.id(), 0, 1, Double.doubleToRawLongBits(1), 1),
                        new ReleasedItem(first.id()));
        assertThat(JournalReading.of(kept.id(), JournalReading.everything(heir)))
                .containsExactly(new EventItem(kept));
        var second = heir.exclusively(
                () -> heir.append(first.id(), AppendCondition.inherits(first.tail()), TIME, resumed(first)));
        assertThat(second.index()).isEqualTo(1);
        assertThat(journal.generations()).allMatch(Generation::isAlive).hasSize(2);
        tag(journal, kept.tail(), kept.id(), "goes on");
    }

    @Test
    void to_release_what_is_not_ours_is_nothing() {
        var journal = open();
        journal.release(newId());
        assertThat(journal.generations()).isEmpty();
        var first = begin(journal, newId());
        var other = open();
        begin(other, newId());

        other.release(first.id());
        journal.release(newId());

        assertThat(JournalReading.everything(open())).hasSize(2).noneMatch(ReleasedItem.class::isInstance);
    }

    @Test
    void exclusively_gives_back_what_the_action_gives_or_throws() {
        var journal = open();

        assertThat(journal.exclusively(() -> "result")).isEqualTo("result");
        assertThatThrownBy(() -> journal.exclusively(() -> {
                    throw new JournalException("thrown inside");
                }))
                .isInstanceOf(JournalException.class)
                .hasMessage("thrown inside");
        assertThat(open().exclusively(() -> "free again")).isEqualTo("free again");
        assertThat(journal.generations()).isEmpty();
    }

    @Test
    void exclusively_lets_one_thread_in_of_all_journals() throws Exception {
        var journals = List.of(open(), open());
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var times = new long[1]; // not atomic: what two threads do at once is lost

        inParallel(4, thread -> {
            for (int i = 0; i < 50; i++) {
                journals.get(thread % 2).exclusively(() -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    times[0]++;
                    return inside.decrementAndGet();
                });
            }
        });

        assertThat(most).hasValue(1);
        assertThat(times[0]).isEqualTo(200);
    }

    @Test
    void of_two_heirs_the_second_one_comes_too_late() {
        var journal = open();
        var first = begin(journal, newId());
        journal.close();
        var heir = open();
        var second = heir.exclusively(
                () -> heir.append(first.id(), AppendCondition.inherits(first.tail()), TIME, resumed(first)));
        heir.close();
        var next = open();

        var third = next.exclusively(
                () -> next.append(first.id(), AppendCondition.inherits(second.tail()), TIME, resumed(second)));

        assertThat(third.index()).isEqualTo(2);
        assertThat(JournalReading.entries(JournalReading.everything(open()))).containsExactly(first, second, third);
    }

    // Names

    @Test
    void a_name_is_reserved_for_one_experiment_in_all_journals() {
        var journal = open();
        var other = open();
        var id = newId();
        var rival = newId();

        assertThat(journal.reserveName("lr-sweep", id)).isTrue();
        assertThat(journal.reserveName("lr-sweep", id)).isTrue();
        assertThat(journal.reserveName("lr-sweep", rival)).isFalse();
        assertThat(other.reserveName("lr-sweep", rival)).isFalse();
        assertThat(other.reserveName("lr-sweep-2", rival)).isTrue();
        assertThat(journal.generations()).isEmpty();
    }

    @Test
    void a_name_that_was_given_back_is_free() {
        var journal = open();
        var other = open();
        var id = newId();
        var rival = newId();
        assertThat(journal.reserveName("x", id)).isTrue();

        journal.releaseName("x", id);
        journal.releaseName("x", id);
        journal.releaseName("never reserved", id);

        assertThat(other.reserveName("x", rival)).isTrue();
        assertThat(journal.reserveName("x", id)).isFalse();
    }

    @Test
    void nobody_gives_back_the_name_of_another() {
        var journal = open();
        var other = open();
        var id = newId();
        var rival = newId();
        assertThat(journal.reserveName("x", id)).isTrue();

        other.releaseName("x", rival);
        journal.releaseName("x", rival);

        assertThat(other.reserveName("x", rival)).isFalse();
    }

    @Test
    void names_that_differ_only_a_little_are_different_names() {
        var journal = open();
        var names = List.of("lr", "LR", "lr ", "\u00e9".repeat(100), "\ud83d\ude00".repeat(50), "a+b=c", "con", "x%2f");
        for (var name : names) {
            assertThat(journal.reserveName(name, newId())).as(name).isTrue();
        }
        for (var name : names) {
            assertThat(open().reserveName(name, newId())).as(name).isFalse();
        }
    }

    @Test
    void a_reservation_without_an_experiment_dies_with_its_maker() {
        var journal = open();
        assertThat(journal.reserveName("x", newId())).isTrue();
        journal.close();

        var other = open();
        var id = newId();
        assertThat(other.reserveName("x", id)).isTrue();
        assertThat(other.reserveName("x", newId())).isFalse();
    }

    @Test
    void a_reservation_with_an_experiment_outlives_its_maker() {
        var journal = open();
        var id = newId();
        assertThat(journal.reserveName("x", id)).isTrue();
        begin(journal, id);
        journal.close();

        var other = open();
        assertThat(other.reserveName("x", newId())).isFalse();
        other.releaseName("x", id);
        assertThat(other.reserveName("x", newId())).isTrue();
    }

    @Test
    void of_many_that_want_a_name_one_gets_it() throws Exception {
        var journals = List.of(open(), open());
        for (int round = 0; round < 10; round++) {
            var name = "round-" + round;
            var winners = new AtomicInteger();
            inParallel(4, thread -> {
                if (journals.get(thread % 2).reserveName(name, newId())) {
                    winners.incrementAndGet();
                }
            });
            assertThat(winners).as(name).hasValue(1);
        }
    }

    // The end

    @Test
    void close_may_be_called_twice_and_nothing_is_taken_behind_it() {
        var journal = open();
        var first = begin(journal, newId());

        journal.close();
        journal.close();

        assertThatThrownBy(() -> tag(journal, first.tail(), first.id(), "too late"))
                .isInstanceOfAny(IllegalStateException.class, JournalException.class);
        var late = newId();
        assertThatThrownBy(() -> begin(journal, late))
                .isInstanceOfAny(IllegalStateException.class, JournalException.class);
        assertThatThrownBy(() -> journal.lease(first.id()))
                .isInstanceOfAny(IllegalStateException.class, JournalException.class);
        assertThat(JournalReading.everything(open())).containsExactly(new EventItem(first));
    }

    @Test
    void a_journal_that_wrote_nothing_leaves_nothing() {
        open().close();
        assertThat(open().generations()).isEmpty();
    }

    // What the tests are made of

    private Journal open() {
        var journal = open(dir);
        opened.add(journal);
        return journal;
    }

    private ExperimentId newId() {
        return ExperimentId.of(TIME.toEpochMilli(), new UUID(ids.incrementAndGet(), 42));
    }

    private static Event.ExperimentInitialized initialized(String name) {
        return new Event.ExperimentInitialized(
                name,
                CODE,
                Map.of(),
                new Author("Ada", "ada@example.org"),
                "dvclive",
                Optional.empty(),
                Map.of("java", "17"));
    }

    private static Event.ExperimentResumed resumed(Entry last) {
        return new Event.ExperimentResumed(
                last.position().generation(), last.position().document(), last.index() + 1, 0, Map.of());
    }

    private static Entry begin(Journal journal, ExperimentId id) {
        return journal.append(id, AppendCondition.begins(id), TIME, initialized("of-" + id));
    }

    private static Entry tag(Journal journal, Tail tail, ExperimentId id, String text) {
        return journal.append(id, AppendCondition.continues(tail), TIME, new Event.Tagged(text));
    }

    private void fillWithThreeExperiments(Journal journal) {
        var tails = new ArrayList<Tail>();
        var three = List.of(newId(), newId(), newId());
        three.forEach(id -> tails.add(begin(journal, id).tail()));
        for (int i = 0; i < 30; i++) {
            int at = i % 3;
            var id = three.get(at);
            if (i % 7 == 0) {
                tails.set(at, tag(journal, tails.get(at), id, "tag " + i).tail());
            } else {
                assertThat(journal.lease(id).publish(0, i, i, i)).isTrue();
            }
        }
        journal.release(three.get(1));
    }

    private static void assertRefused(Journal journal, ExperimentId id, AppendCondition condition) {
        var before = JournalReading.everything(journal);
        assertThatThrownBy(() -> journal.append(id, condition, TIME, new Event.Tagged("never taken")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(JournalReading.everything(journal)).isEqualTo(before);
    }

    private static void assertRefusedInTheLock(Journal journal, ExperimentId id, AppendCondition condition) {
        journal.exclusively(() -> {
            assertRefused(journal, id, condition);
            return true;
        });
    }

    private static void assertSealed(MetricLease lease, Journal reader) {
        var before = JournalReading.everything(reader);
        assertThat(lease.publish(0, 666, 666, 666)).isFalse();
        assertThat(JournalReading.everything(reader)).isEqualTo(before);
    }

    /** The records of one experiment are exactly 0, 1, ... of each metric, in this order. */
    private static void assertStepsOfEachMetric(List<Item> items, ExperimentId id, long[] counts) {
        var next = new long[counts.length];
        for (var item : JournalReading.records(JournalReading.of(id, items))) {
            if (item.step() != next[item.metric()]++) {
                throw new AssertionError("expected step " + (next[item.metric()] - 1) + ", was " + item);
            }
        }
        assertThat(next).isEqualTo(counts);
    }

    /** What one of several threads does. */
    private interface Part {
        void run(int thread) throws Exception;
    }

    private static void inParallel(int threads, Part part) throws Exception {
        var pool = Executors.newFixedThreadPool(threads);
        try {
            var start = new CountDownLatch(threads);
            var calls = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                calls.add(() -> {
                    start.countDown();
                    start.await();
                    part.run(thread);
                    return true;
                });
            }
            for (Future<Boolean> done : pool.invokeAll(calls)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
