package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Entry;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalReading;
import dev.daybook.port.JournalReading.EventItem;
import dev.daybook.port.JournalReading.Item;
import dev.daybook.port.JournalReading.MetricItem;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.JournalSettings.Force;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Calls on two experiments, on a disk that fails somewhere: what was acknowledged of it, in their order. The same seed makes the same calls. */
final class Script {

    static final String LONG_TAG = "x".repeat(60 << 10);

    private static final long GENERATION_BYTES = 256 << 10;
    private static final int PATIENT_TAGS = 10;
    private static final int MOST_CALLS = 3;
    private static final int MOST_RECORDS = 8;

    private final BooleanSupplier hasFailed;
    private final Random random;
    private final Map<ExperimentId, Entry> last = new HashMap<>();
    private final List<Item> acknowledged = new ArrayList<>();
    private String attempted = "";
    private int steps;

    /**
     * A script.
     *
     * @param hasFailed whether the disk has: then nothing is waited for that may never come
     * @param seed of what comes between the calls that every script has
     */
    Script(BooleanSupplier hasFailed, long seed) {
        this.hasFailed = hasFailed;
        this.random = new Random(seed);
    }

    /** Such that the script comes to its second generation. */
    static JournalSettings settings(Force force) {
        var defaults = JournalSettings.defaults(false);
        return new JournalSettings(false, force, GENERATION_BYTES, defaults.retentionAge(), defaults.retentionBytes());
    }

    List<Item> acknowledged() {
        return acknowledged;
    }

    private void append(Journal journal, int experiment, Event event) {
        var id = id(experiment);
        var condition = last.containsKey(id)
                ? AppendCondition.continues(last(experiment).tail())
                : AppendCondition.begins(id);
        attempted = text(id, event);
        var entry = journal.append(id, condition, TIME, event);
        last.put(id, entry);
        acknowledged.add(new EventItem(entry));
    }

    private Entry last(int experiment) {
        return Objects.requireNonNull(last.get(id(experiment)));
    }

    private void publish(Journal journal, int experiment, int count) {
        var lease = journal.lease(id(experiment));
        for (int i = 0; i < count; i++) {
            int step = steps++;
            var item = new MetricItem(
                    id(experiment), 1, step, Double.doubleToRawLongBits(step / 8.0), TIME.toEpochMilli());
            attempted = text(item);
            assertThat(lease.publish(1, step, step / 8.0, TIME.toEpochMilli())).isTrue();
            acknowledged.add(item);
        }
    }

    private String generation() {
        return last(2).position().generation();
    }

    void run(Journal journal) {
        append(journal, 1, Samples.initialized("one"));
        publish(journal, 1, 6);
        append(journal, 2, Samples.initialized("two"));
        publish(journal, 2, 5);
        something(journal);
        append(journal, 1, new Event.Tagged("before the next generation"));
        publish(journal, 1, 4);
        var full = generation();
        for (int i = 0; generation().equals(full) && !(hasFailed.getAsBoolean() && i >= PATIENT_TAGS); i++) {
            // the housekeeper must have had its time to make the next generation, or to fail to
            int generations = i < 4 ? 1 : 2;
            await(
                    "the next generation",
                    () -> hasFailed.getAsBoolean() || journal.generations().size() >= generations);
            append(journal, 2, new Event.Tagged(LONG_TAG));
        }
        publish(journal, 1, 3);
        something(journal);
        append(journal, 1, new Event.Tagged("in the next generation"));
        await(
                "the end of the full generation",
                () -> hasFailed.getAsBoolean()
                        || journal.generations().stream()
                                .filter(each -> each.name().equals(full))
                                .noneMatch(Generation::isAlive));
        something(journal);
        publish(journal, 1, 4);
        ((ChronicleJournal) journal).force();
        append(journal, 1, new Event.SavePrepared("refs/exps/aa/1", "3".repeat(40), "4".repeat(40), Optional.empty()));
        publish(journal, 2, 2);
        journal.close();
    }

    private void something(Journal journal) {
        for (int calls = random.nextInt(MOST_CALLS + 1); calls > 0; calls--) {
            int experiment = 1 + random.nextInt(2);
            if (random.nextBoolean()) {
                publish(journal, experiment, 1 + random.nextInt(MOST_RECORDS));
            } else {
                append(journal, experiment, new Event.Tagged("tag " + random.nextInt()));
            }
        }
    }

    /** Waits for something that another thread does. */
    static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never: " + what);
            }
            Thread.onSpinWait();
        }
    }

    /** All that was acknowledged is there, and behind it what threw, as a whole, or nothing. */
    void requireReadable(String what, Path place) {
        try (var later = Samples.open(place)) {
            assertThat(later.generations()).as(what).noneMatch(Generation::isAlive);
            var found = JournalReading.everything(later);
            assertThat(later.generations().stream().map(Generation::damage).flatMap(Optional::stream))
                    .as(what)
                    .isEmpty();
            for (int experiment = 1; experiment <= 2; experiment++) {
                var expected = JournalReading.of(id(experiment), acknowledged);
                var readable = JournalReading.of(id(experiment), found);
                assertThat(readable).as(what).hasSizeBetween(expected.size(), expected.size() + 1);
                assertThat(readable.subList(0, expected.size())).as(what).isEqualTo(expected);
                readable.stream()
                        .skip(expected.size())
                        .forEach(more -> assertThat(text(more)).as(what).isEqualTo(attempted));
            }
        }
    }

    private static String text(Item item) {
        return item instanceof EventItem event ? text(item.id(), event.entry().event()) : item.toString();
    }

    private static String text(ExperimentId id, Event event) {
        return id + " " + HexFormat.of().formatHex(EventCodec.encode(event));
    }
}
