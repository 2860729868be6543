package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.AppendCondition.Begins;
import dev.daybook.port.AppendCondition.Inherits;
import dev.daybook.port.Cut;
import dev.daybook.port.Tail;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One experiment's stream, as far as it lies in the own generation. Guarded by the journal's lock. */
final class Stream {

    /** All threads publish through one hand-over, so that one number does. */
    private static final int WRITER = 0;

    private final ExperimentId id;
    private final MetricTrack metrics = new MetricTrack(WRITER);
    private @Nullable Tail tail;
    private boolean released;
    private int seals;

    Stream(ExperimentId id) {
        this.id = id;
    }

    ExperimentId id() {
        return id;
    }

    MetricTrack metrics() {
        return metrics;
    }

    /** What stands before the next event. */
    Cut cut() {
        return metrics.records() == 0 ? Cut.NONE : new Cut(List.of(metrics.cut()));
    }

    /** Whether the experiment is this journal's: its stream ends here, as far as is known here. */
    boolean isHeld() {
        return tail != null && !released;
    }

    /** How often the leases were sealed: a lease is good for one number only. */
    int seals() {
        return seals;
    }

    void seal() {
        seals++;
    }

    void release() {
        released = true;
    }

    void follow(Tail newTail) {
        tail = newTail;
        released = false;
    }

    /**
     * Refuses a condition that does not hold.
     *
     * @param exclusive whether the caller holds the lock for takeovers
     */
    void require(AppendCondition condition, boolean exclusive) {
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
                    condition.tail().equals(tail),
                    "cannot be continued behind " + condition.tail() + ": its tail is " + tail);
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("experiment " + id + " " + otherwise);
        }
    }
}
