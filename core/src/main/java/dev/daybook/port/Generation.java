package dev.daybook.port;

import dev.daybook.lifecycle.ExperimentId;
import java.util.Optional;

/** What one process wrote, as anybody may read it, while it is being written and for ever after. Thread-safe. */
public interface Generation {

    /** Its name; names sort by the time of creation. */
    String name();

    /** Whether it is that of the journal that gave it out. */
    boolean isOwn();

    /** Whether its writer lives: as long as it does, nobody else may continue what is in here. */
    boolean isAlive();

    /** Its writer, for messages: {@code process 4711 on host gpu3}. */
    String writer();

    /** Forces all that it holds to disk, whoever wrote it. */
    void force();

    /**
     * Reads on: each entry and record of the valid prefix from a cursor on, until its present end or until the sink stops.
     *
     * <p>One follows a generation by one object: what is filled in behind a cursor after that was given is given to the next read of the same
     * object, and not to one from the same cursor by another object. Several who follow take a {@link #reading} each.
     *
     * <p>An event's cut is checked against the records that the sink was given only if the read began at 0 or where a read of the same
     * generation by the same {@code Generation} object has ended.
     *
     * @param cursor 0 for the beginning, or what an earlier read returned
     * @return where the next read goes on
     */
    long read(long cursor, EntrySink sink);

    /** How far {@link #read} has come with an experiment; where nothing is ever filled in behind its place, that need not be known. */
    default Mark mark(ExperimentId id) {
        return Mark.END;
    }

    /** A reading of one experiment, from its beginning in this generation. */
    default Reading reading(ExperimentId id) {
        return new FilteredReading(this, id);
    }

    /** What it holds, if it is finished and that is known without reading it. */
    default Optional<Contents> contents() {
        return Optional.empty();
    }

    /** The same generation, read anew from its beginning by whoever asks, whatever is known of it. */
    default Generation afresh() {
        return this;
    }

    /** What is damaged in what was read so far, in one sentence; a part that is being written is no damage. */
    Optional<String> damage();

    /** What of that concerns an experiment. */
    default Optional<String> damage(ExperimentId id) {
        return damage();
    }
}
