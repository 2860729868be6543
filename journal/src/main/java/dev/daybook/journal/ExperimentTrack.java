package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Cut;
import dev.daybook.port.Entry;
import dev.daybook.port.Tail;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a reader has seen of one experiment in one generation: what the next event must agree with. */
final class ExperimentTrack {

    private final ExperimentId id;
    private final Map<Integer, MetricTrack> writers = new TreeMap<>();
    private @Nullable Tail tail;

    ExperimentTrack(ExperimentId id) {
        this.id = id;
    }

    ExperimentId id() {
        return id;
    }

    MetricTrack writer(int writer) {
        return writers.computeIfAbsent(writer, MetricTrack::new);
    }

    /** Checks an entry against all that was seen before it. */
    void check(Entry entry, byte[] event) throws DamagedException {
        if (!entry.cut().equals(cut())) {
            throw damaged(
                    entry,
                    "stands behind " + entry.cut().records() + " metric records of it, but there are " + cut().records()
                            + ", or others");
        }
        if (tail != null && entry.index() < tail.events()) {
            throw damaged(entry, "stands behind a later one");
        }
        // an index that is too high came back from another generation: what it follows is not in here
        var previous = entry.index() == 0 ? Tail.start(id) : tail;
        if (previous != null && previous.events() == entry.index()) {
            var link = previous.chain().next(entry.index(), entry.time().toEpochMilli(), entry.cut(), event);
            if (!entry.chain().equals(link)) {
                throw damaged(entry, "does not follow from the one before it");
            }
        }
    }

    private DamagedException damaged(Entry entry, String what) {
        return new DamagedException("event " + entry.index() + " of experiment " + id + " " + what);
    }

    /** Goes on behind an entry that was checked. */
    void follow(Entry entry) {
        tail = entry.tail();
    }

    private Cut cut() {
        return new Cut(writers.values().stream()
                .filter(writer -> writer.records() > 0)
                .map(MetricTrack::cut)
                .toList());
    }
}
