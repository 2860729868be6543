package dev.daybook;

import dev.daybook.lifecycle.Event;
import dev.daybook.port.Entry;
import dev.daybook.port.Position;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Turns what a catalog of one experiment folds into entries of its history. */
class HistoryReplay implements Catalog.Observer {

    private final Map<Integer, String> metrics = new HashMap<>();
    private Consumer<? super HistoryEntry> sees;

    HistoryReplay(Consumer<? super HistoryEntry> sees) {
        this.sees = sees;
    }

    void give(Consumer<? super HistoryEntry> to) {
        sees = to;
    }

    @Override
    public void event(Entry entry) {
        if (entry.event() instanceof Event.MetricDefined defined) {
            metrics.put(defined.metric(), defined.name());
        } else if (entry.event() instanceof Event.ExperimentInitialized begun) {
            begun.origin()
                    .ifPresent(origin -> origin.metrics().forEach(past -> metrics.put(past.metric(), past.name())));
        }
        sees.accept(new HistoryEntry(
                Optional.of(position(entry.position(), 0)),
                entry.time(),
                entry.event().getClass().getSimpleName(),
                EventDetails.of(entry.event())));
    }

    @Override
    public void metric(Position position, int slot, int metric, long step, double value, long epochMilli) {
        var details = new LinkedHashMap<String, Object>();
        details.put("name", metrics.getOrDefault(metric, "?"));
        details.put("step", step);
        details.put("value", value);
        sees.accept(new HistoryEntry(
                Optional.of(position(position, slot)),
                Instant.ofEpochMilli(epochMilli),
                HistoryEntry.METRIC_LOGGED,
                details));
    }

    private static HistoryPosition position(Position position, int slot) {
        return new HistoryPosition(position.generation(), position.document(), slot);
    }
}
