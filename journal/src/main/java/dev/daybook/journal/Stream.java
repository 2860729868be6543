package dev.daybook.journal;

import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.AppendCondition.Begins;
import dev.daybook.port.AppendCondition.Continues;
import dev.daybook.port.AppendCondition.Inherits;
import dev.daybook.port.Chain;
import dev.daybook.port.Cut;
import dev.daybook.port.Entry;
import dev.daybook.port.Position;
import dev.daybook.port.Tail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One experiment's stream, as far as it lies in this process's generations. Guarded by its own monitor, which is taken before any writer is
 * entered and before any generation's.
 */
final class Stream implements Stretch.Home {

    private final ExperimentId id;
    private final ChronicleJournal journal;

    /** The generation in which it ends, and the records there, by writer. */
    private @Nullable GenerationWriter home;

    private final List<MetricTrack> tracks = new ArrayList<>();

    /** All records of the experiment in the generations before, as far as is known here. */
    private long recordsBefore;

    /** The end as it was given out, and the link that stands there: it is another one where the stream goes on in the next generation. */
    private @Nullable Tail tail;

    private Chain link;

    private boolean isHeld;

    /** Changed under the monitor. */
    private volatile @Nullable Stretch stretch;

    Stream(ExperimentId id, ChronicleJournal journal) {
        this.id = id;
        this.journal = journal;
        this.link = Chain.start(id);
    }

    /**
     * Appends an event; sealed before it is what was logged since the last one.
     *
     * @param exclusive whether the caller holds the lock for takeovers
     * @param place where it belongs: entered, so that it lasts
     */
    Entry append(
            AppendCondition condition,
            boolean exclusive,
            GenerationWriter place,
            long epochMilli,
            Event event,
            byte[] bytes) {
        require(condition, exclusive);
        seal();
        if (condition instanceof Continues) {
            moveTo(place);
        } else {
            settleIn(place);
            link = condition.tail().chain();
            if (event instanceof Event.ExperimentResumed resumed) {
                recordsBefore = resumed.metrics() - cut().records();
            }
        }
        long index = condition.tail().events();
        var cut = cut();
        var chain = link.next(index, epochMilli, cut, bytes);
        var into = requireHome();
        long document = into.event(id, index, epochMilli, cut, chain, bytes, event.isSettling());
        var entry = new Entry(
                new Position(into.name(), document), id, index, Instant.ofEpochMilli(epochMilli), cut, chain, event);
        tail = entry.tail();
        link = chain;
        hold(!event.isSettling());
        return entry;
    }

    private void settleIn(GenerationWriter place) {
        if (home != place) {
            hold(false);
            home = place;
            tracks.clear();
        }
    }

    /** Nobody publishes meanwhile. */
    @Override
    public void moveOn() {
        var to = journal.enterCurrent();
        try {
            moveTo(to);
        } finally {
            to.leave();
        }
    }

    private void moveTo(GenerationWriter to) {
        var from = requireHome();
        if (to == from) {
            return;
        }
        var cut = cut();
        to.continued(id, from.name(), requireTail().events(), recordsBefore + cut.records(), cut, link);
        link = link.continued(cut);
        recordsBefore += cut.records();
        boolean wasHeld = isHeld;
        settleIn(to);
        hold(wasHeld);
    }

    /** While it is held its generation lives. Who holds it for the first time has it held by somebody else. */
    private void hold(boolean held) {
        if (held != isHeld) {
            if (!held) {
                requireHome().leave();
            } else if (!requireHome().enter()) {
                throw ChronicleJournal.closedException();
            }
            isHeld = held;
        }
    }

    /**
     * The leave to log until the next event.
     *
     * @throws IllegalStateException if the stream does not end here
     */
    Lease lease() {
        if (!isHeld) {
            throw new IllegalStateException("experiment " + id + " cannot log metrics: its stream does not end here");
        }
        var open = stretch;
        if (open == null || open.isEnded()) {
            seal();
            open = new Stretch(this, Math.max(1, Integer.highestOneBit(tracks.size())));
            stretch = open;
        }
        return new Lease(journal, this, open);
    }

    @Override
    public BlockWriter[] newWriters(int count) {
        var into = requireHome();
        var writers = new BlockWriter[count];
        for (int number = 0; number < count; number++) {
            if (number == tracks.size()) {
                tracks.add(new MetricTrack(number));
            }
            writers[number] = new BlockWriter(
                    (writer, slots) -> into.reserve(id, writer, slots), journal.blockSizes(), tracks.get(number));
        }
        return writers;
    }

    /**
     * Lets go of memory that is not being written to; waits for nobody.
     *
     * @return whether anything may have been logged since this was asked last
     */
    boolean rest() {
        var open = stretch;
        return open != null && open.rest();
    }

    /** Ends what is being logged; when this returns it is counted. */
    void seal() {
        var open = stretch;
        if (open != null) {
            open.seal();
            stretch = null;
        }
    }

    /** Lets it go, if it is held, and says so in the journal. */
    void release() {
        if (isHeld) {
            seal();
            requireHome().released(id);
            hold(false);
            journal.leftUnforced();
        }
    }

    /** What stands before the next event in its generation. */
    private Cut cut() {
        var counted = tracks.stream()
                .filter(track -> track.records() > 0)
                .map(MetricTrack::cut)
                .toList();
        return counted.isEmpty() ? Cut.NONE : new Cut(counted);
    }

    private GenerationWriter requireHome() {
        if (home == null) {
            throw new IllegalStateException("experiment " + id + " has no generation yet");
        }
        return home;
    }

    private Tail requireTail() {
        if (tail == null) {
            throw new IllegalStateException("experiment " + id + " has no event yet");
        }
        return tail;
    }

    private void require(AppendCondition condition, boolean exclusive) {
        if (condition instanceof Begins) {
            require(tail == null, "cannot begin: its stream is in this journal already");
            require(condition.tail().equals(Tail.start(id)), "cannot begin with " + condition.tail());
        } else if (condition instanceof Inherits) {
            require(exclusive, "cannot be inherited without the lock for takeovers");
            require(condition.tail().events() > 0, "cannot be inherited before its first event");
            require(
                    tail == null || tail.events() < condition.tail().events(),
                    "cannot be inherited: its stream goes on in this journal");
        } else {
            require(tail != null, "cannot be continued: its stream is not in this journal");
            require(
                    isTail(condition.tail()),
                    "cannot be continued behind " + condition.tail() + ": its tail is " + tail);
        }
    }

    /** As it was given out with the last event, or as a reader finds it where the stream has moved on since. */
    private boolean isTail(Tail other) {
        var mine = requireTail();
        return other.equals(mine) || other.equals(new Tail(mine.events(), link));
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("experiment " + id + " " + otherwise);
        }
    }
}
