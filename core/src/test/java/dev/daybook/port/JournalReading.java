package dev.daybook.port;

import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.ExperimentId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All that a sink was given, as a list that can be compared: values by their bits. */
public final class JournalReading implements EntrySink {

    /** One thing that a generation holds. */
    public sealed interface Item {
        ExperimentId id();
    }

    public record EventItem(Entry entry) implements Item {
        @Override
        public ExperimentId id() {
            return entry.id();
        }
    }

    public record MetricItem(ExperimentId id, int metric, long step, long valueBits, long epochMilli) implements Item {}

    public record ReleasedItem(ExperimentId id) implements Item {}

    private final List<Item> items = new ArrayList<>();
    private final int eventsAtMost;
    private int eventsTaken;

    public JournalReading() {
        this(Integer.MAX_VALUE);
    }

    /** A sink that stops in front of the event that is one too many. */
    public JournalReading(int eventsAtMost) {
        this.eventsAtMost = eventsAtMost;
    }

    /** All generations of a journal from their beginnings on. */
    public static List<Item> everything(Journal journal) {
        var reading = new JournalReading();
        journal.generations().forEach(generation -> generation.read(0, reading));
        return reading.items();
    }

    @Override
    public boolean event(Entry entry) {
        if (eventsTaken == eventsAtMost) {
            return false;
        }
        eventsTaken++;
        items.add(new EventItem(entry));
        return true;
    }

    @Override
    public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {
        items.add(new MetricItem(id, metric, step, Double.doubleToRawLongBits(value), epochMilli));
    }

    @Override
    public void released(ExperimentId id) {
        items.add(new ReleasedItem(id));
    }

    public List<Item> items() {
        return List.copyOf(items);
    }

    /** The events among these. */
    public static List<Entry> entries(List<Item> items) {
        return items.stream()
                .filter(EventItem.class::isInstance)
                .map(item -> ((EventItem) item).entry())
                .toList();
    }

    /** The metric records among these. */
    public static List<MetricItem> records(List<Item> items) {
        return items.stream()
                .filter(MetricItem.class::isInstance)
                .map(MetricItem.class::cast)
                .toList();
    }

    /** One experiment's part of these. */
    public static List<Item> of(ExperimentId id, List<Item> items) {
        return items.stream().filter(item -> item.id().equals(id)).toList();
    }

    /**
     * What must be true of every journal, whatever was done to it: no damage; each experiment's events are numbered without gaps and
     * chained; each cut counts the records before it; documents are numbered upwards.
     */
    public static void requireSound(Journal journal) {
        var tails = new HashMap<ExperimentId, Tail>();
        String before = "";
        for (var generation : journal.generations()) {
            require(generation.name().compareTo(before) > 0, "generations in the order of their names");
            before = generation.name();
            var reading = new JournalReading();
            generation.read(0, reading);
            require(generation.damage().isEmpty(), "no damage, but: " + generation.damage());
            requireSound(generation.name(), reading.items(), tails);
        }
    }

    private static void requireSound(String generation, List<Item> items, Map<ExperimentId, Tail> tails) {
        var records = new HashMap<ExperimentId, Long>();
        long document = -1;
        for (var item : items) {
            if (item instanceof MetricItem) {
                records.merge(item.id(), 1L, Long::sum);
            } else if (item instanceof EventItem event) {
                var entry = event.entry();
                var tail = tails.getOrDefault(entry.id(), Tail.start(entry.id()));
                require(entry.position().generation().equals(generation), "the position names " + generation);
                require(entry.position().document() > document, "documents numbered upwards at " + entry);
                document = entry.position().document();
                require(entry.index() == tail.events(), "indices without gaps at " + entry);
                require(
                        entry.cut().records() == records.getOrDefault(entry.id(), 0L),
                        "the cut counts " + records.get(entry.id()) + " records at " + entry);
                var bytes = EventCodec.encode(entry.event());
                var link = tail.chain().next(entry.index(), entry.time().toEpochMilli(), entry.cut(), bytes);
                require(entry.chain().equals(link), "the chain is unbroken at " + entry);
                tails.put(entry.id(), entry.tail());
            }
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("expected of every journal: " + what);
        }
    }
}
