package dev.daybook.port;

/**
 * The leave to publish metric records of one experiment, until its next event. Any number of threads may share it.
 *
 * <p>It is the unit that a journal may give a block of memory to: {@link #publish} is the hot path and allocates nothing.
 */
public interface MetricLease {

    /**
     * Publishes one record. When it returns true the record survives the death of the process and stands, in the journal's order, before
     * whatever event of the experiment comes next; each thread's own records keep their order.
     *
     * @param metric the number that was defined for its name
     * @param value any double; its bits are kept
     * @param epochMilli the record's time
     * @return false if the lease is sealed: nothing was written and another lease is to be asked for
     * @throws RuntimeException {@code dev.daybook.JournalException} if the journal cannot take it; nothing was written
     */
    boolean publish(int metric, long step, double value, long epochMilli);

    /** Ends it: when this returns, no thread is inside {@link #publish} any more and none will be let in. Repeatable. */
    void seal();
}
