package dev.daybook.port;

import dev.daybook.lifecycle.ExperimentId;

/** What must be true of an experiment's stream for an append to be taken. */
public sealed interface AppendCondition {

    /** The end of the stream that the event is to follow. */
    Tail tail();

    /** The experiment's first event. */
    record Begins(Tail tail) implements AppendCondition {}

    /** The stream ends in this journal's own generation, with this tail. */
    record Continues(Tail tail) implements AppendCondition {}

    /** The stream ends in another generation, whose owner is gone; the caller holds {@link Journal#exclusively the lock}. */
    record Inherits(Tail tail) implements AppendCondition {}

    static AppendCondition begins(ExperimentId id) {
        return new Begins(Tail.start(id));
    }

    static AppendCondition continues(Tail tail) {
        return new Continues(tail);
    }

    static AppendCondition inherits(Tail tail) {
        return new Inherits(tail);
    }
}
