package dev.daybook.port;

import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.ExperimentId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that a sink was given, as a list that can be compared: values by their bits. */
public class JournalReading implements EntrySink {

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
     * chained; each cut counts the records before it in its generation; documents are numbered upwards.
     */
    public static void requireSound(Journal journal) {
        var streams = new HashMap<ExperimentId, Map<Long, Entry>>();
        String before = "";
        for (var generation : journal.generations()) {
            require(generation.name().compareTo(before) > 0, "generations in the order of their names");
            before = generation.name();
            var reading = new JournalReading();
            generation.read(0, reading);
            require(generation.damage().isEmpty(), "no damage, but: " + generation.damage());
            requireSound(generation.name(), reading.items());
            for (var entry : entries(reading.items())) {
                var twin = streams.computeIfAbsent(entry.id(), id -> new TreeMap<>())
                        .put(entry.index(), entry);
                require(twin == null, "no index twice: " + twin + " and " + entry);
            }
        }
        // an heir may be older than the one that it inherits from, so the order of the generations is not that of a
        // stream
        streams.forEach((id, entries) -> requireChained(Tail.start(id), entries.values()));
    }

    private static void requireSound(String generation, List<Item> items) {
        var records = new HashMap<ExperimentId, Long>();
        long document = -1;
        for (var item : items) {
            if (item instanceof MetricItem) {
                records.merge(item.id(), 1L, Long::sum);
            } else if (item instanceof EventItem event) {
                var entry = event.entry();
                require(entry.position().generation().equals(generation), "the position names " + generation);
                require(entry.position().document() > document, "documents numbered upwards at " + entry);
                document = entry.position().document();
                long before = records.getOrDefault(entry.id(), 0L);
                require(entry.cut().records() == before, "a cut of " + before + " records at " + entry);
            }
        }
    }

    private static void requireChained(Tail start, Iterable<Entry> entries) {
        var tail = start;
        for (var entry : entries) {
            require(entry.index() == tail.events(), "indices without gaps at " + entry);
            var bytes = EventCodec.encode(entry.event());
            var link = tail.chain().next(entry.index(), entry.time().toEpochMilli(), entry.cut(), bytes);
            require(entry.chain().equals(link), "the chain is unbroken at " + entry);
            tail = entry.tail();
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("expected of every journal: " + what);
        }
    }
}
