package dev.daybook.port;

import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * The only thing that makes an event durable.
 *
 * <p>A journal appends to one generation of its own, which comes into being with the first event, and reads all generations of the
 * repository. Any number of journals, in any number of processes, work on one repository at once. Thread-safe.
 */
public interface Journal extends AutoCloseable {

    /**
     * Appends one event; sealed before it are all leases of its experiment. When this returns, the event and all that stands before it in
     * this generation are forced to disk, unless the settings say that only what a commit rests on is.
     *
     * @param time kept to the millisecond
     * @return the entry; its tail is what the next condition is made of
     * @throws IllegalStateException if the condition does not hold; nothing was appended
     */
    Entry append(ExperimentId id, AppendCondition condition, Instant time, Event event);

    /**
     * Runs an action whose appends, as far as its own thread makes them, are forced together when it ends: none of them is promised before. An
     * action inside an action belongs to the outer one.
     */
    default void together(Runnable appends) {
        appends.run();
    }

    /**
     * The leave to publish metric records of an experiment whose stream ends in this journal's own generation. The Decider must have
     * granted it. Sealed by the experiment's next event, by {@link #release} and by {@link #close}.
     *
     * @throws IllegalStateException if the stream does not end here
     */
    MetricLease lease(ExperimentId id);

    /** Lets an experiment go, so that another process may take it over although this journal stays open. Nothing if it is not ours. */
    void release(ExperimentId id);

    /**
     * Reserves a name for an unfinished experiment, atomically across processes. A reservation whose maker died before its experiment's
     * first event is void.
     *
     * @return false if another experiment has it
     */
    boolean reserveName(String name, ExperimentId id);

    /** Gives a name back; nothing if this experiment does not have it. */
    void releaseName(String name, ExperimentId id);

    /** Runs an action while holding the one lock of the repository, for a takeover. Not reentrant: never nest it. */
    <T> T exclusively(Supplier<T> action);

    /** All generations that exist now, in the order of their names. Costs a directory listing. The same object each time for one name. */
    List<Generation> generations();

    /**
     * Deletes generations that are finished, hold nothing unfinished and are past the retention that the settings say; never one that another one
     * needs in order to be understood.
     *
     * @param isTrial whether it only says what it would delete
     * @return what was deleted, in that order
     */
    default List<Collected> collect(boolean isTrial) {
        return collect(isTrial, (done, all) -> {});
    }

    /** As {@link #collect(boolean)}, and says how many generations it has looked at. */
    default List<Collected> collect(boolean isTrial, Projection.Counter counter) {
        return List.of();
    }

    /**
     * A generation that was deleted.
     *
     * @param bytes what it took on the disk
     * @param reason why it may go
     */
    record Collected(String generation, long bytes, String reason) {}

    /** Seals all leases, forces what was written and gives up the generation: what is unfinished in it is interrupted from now on. */
    @Override
    void close();
}
