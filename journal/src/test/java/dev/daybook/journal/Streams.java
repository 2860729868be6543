package dev.daybook.journal;

import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Continuation;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalReading.EventItem;
import dev.daybook.port.JournalReading.Item;
import dev.daybook.port.JournalReading.MetricItem;
import dev.daybook.port.Position;
import dev.daybook.port.Tail;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The experiments of a journal, each put together from its stretches in several generations, as far as they follow from each other: by the
 * chain, and by the number of records.
 */
final class Streams {

    /** An item, or the mark that the experiment goes on from another generation. */
    private sealed interface Step {}

    private record Given(Item item) implements Step {}

    private record Moved(Continuation mark) implements Step {}

    /** What a generation holds of an experiment. */
    private record Part(String generation, Deque<Step> steps) {}

    /** One experiment. */
    static final class One {
        private final List<Part> parts = new ArrayList<>();
        private final List<Item> items = new ArrayList<>();
        private final ExperimentId id;
        private Tail tail;
        private long records;
        private String owner = "";
        private Optional<Position> last = Optional.empty();

        private One(ExperimentId id) {
            this.id = id;
            this.tail = Tail.start(id);
        }

        ExperimentId id() {
            return id;
        }

        List<Item> items() {
            return items;
        }

        Tail tail() {
            return tail;
        }

        long records() {
            return records;
        }

        Position last() {
            return last.orElseThrow();
        }

        /** Whether there is something of it that does not follow from the rest. */
        boolean isBrokenOff() {
            return parts.stream().anyMatch(part -> !part.steps().isEmpty());
        }

        private void join() {
            boolean moved;
            do {
                moved = false;
                for (var part : parts) {
                    while (!part.steps().isEmpty()
                            && takes(part.generation(), part.steps().peek())) {
                        part.steps().remove();
                        moved = true;
                    }
                }
            } while (moved);
        }

        private boolean takes(String generation, Step step) {
            if (step instanceof Moved moved) {
                var mark = moved.mark();
                if (!mark.before().equals(tail) || mark.records() != records) {
                    return false;
                }
                tail = mark.tail();
                last = Optional.of(mark.position());
                owner = generation;
                return true;
            }
            var item = ((Given) step).item();
            if (item instanceof EventItem event) {
                return takes(generation, event.entry());
            }
            if (!owner.equals(generation)) {
                return false;
            }
            if (item instanceof MetricItem) {
                items.add(item);
                records++;
            }
            return true;
        }

        private boolean takes(String generation, Entry entry) {
            var link = tail.chain()
                    .next(entry.index(), entry.time().toEpochMilli(), entry.cut(), EventCodec.encode(entry.event()));
            boolean isEnough =
                    !(entry.event() instanceof Event.ExperimentResumed resumed) || resumed.metrics() == records;
            if (entry.index() != tail.events() || !entry.chain().equals(link) || !isEnough) {
                return false;
            }
            owner = generation;
            tail = entry.tail();
            last = Optional.of(entry.position());
            items.add(new EventItem(entry));
            return true;
        }
    }

    private Streams() {}

    static Map<ExperimentId, One> of(Journal journal) {
        var streams = new LinkedHashMap<ExperimentId, One>();
        for (var generation : journal.generations()) {
            var reading = new PartsSink();
            generation.read(0, reading);
            reading.steps.forEach((id, steps) -> streams.computeIfAbsent(id, One::new)
                    .parts
                    .add(new Part(generation.name(), new ArrayDeque<>(steps))));
        }
        streams.values().forEach(One::join);
        return streams;
    }

    /** All that a generation gives, by experiment. */
    private static final class PartsSink implements EntrySink {
        private final Map<ExperimentId, List<Step>> steps = new HashMap<>();

        private void add(ExperimentId id, Step step) {
            steps.computeIfAbsent(id, made -> new ArrayList<>()).add(step);
        }

        @Override
        public boolean event(Entry entry) {
            add(entry.id(), new Given(new EventItem(entry)));
            return true;
        }

        @Override
        public boolean continued(Continuation mark) {
            add(mark.id(), new Moved(mark));
            return true;
        }

        @Override
        public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {
            add(id, new Given(new MetricItem(id, metric, step, Double.doubleToRawLongBits(value), epochMilli)));
        }

        @Override
        public void released(ExperimentId id) {}
    }
}
