package dev.daybook.port;

import dev.daybook.lifecycle.ExperimentId;

/**
 * The end of an experiment's stream, which the next event is chained to.
 *
 * @param events how many there are
 * @param chain the last link
 */
public record Tail(long events, Chain chain) {

    /** The end of a stream that has not begun. */
    public static Tail start(ExperimentId id) {
        return new Tail(0, Chain.start(id));
    }
}
