package dev.daybook.port;

import java.util.Optional;

/** A reading of its own of one experiment in one generation; what others read does not move it. Not thread-safe. */
public interface Reading {

    /**
     * Reads on, up to a mark: each entry and record of the experiment that was not given before, or until the sink stops.
     *
     * @return false if the sink has stopped
     */
    boolean advance(EntrySink sink, Mark until);

    /** What is damaged in it, in one sentence. */
    Optional<String> damage();
}
