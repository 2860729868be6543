package dev.daybook.port;

import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import java.time.Instant;

/**
 * An event as the journal keeps it.
 *
 * @param index counts the experiment's events from 0, through all generations
 * @param time to the millisecond
 * @param cut what stands before it of the experiment's metric records in this generation
 * @param chain the link that this entry made
 */
public record Entry(Position position, ExperimentId id, long index, Instant time, Cut cut, Chain chain, Event event) {

    /** The end of the stream behind this entry. */
    public Tail tail() {
        return new Tail(index + 1, chain);
    }
}
