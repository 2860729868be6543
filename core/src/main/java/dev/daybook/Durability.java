package dev.daybook;

/**
 * What a call that has returned survives. At every level it survives the death of the process; the levels differ in what a power cut, or a
 * crash of the operating system, may take.
 */
public enum Durability {

    /**
     * Nothing is forced to disk but what a saved commit rests on: the events up to {@code save}, before its ref is there. A power cut may
     * take whatever the operating system had not written by itself; what is left is a state that the experiment once had.
     */
    PROCESS,

    /**
     * Every event of the life cycle is forced to disk before its call returns, with everything before it, metric values included; metric
     * values are forced once a second in the background. A power cut may take the metric values of about the last second. A background force
     * that fails makes the next call fail.
     */
    INTERVAL,

    /**
     * Every call is forced to disk before it returns, each metric value too: a power cut takes nothing that was acknowledged. A metric value
     * costs what the disk takes for a flush, a fraction of a millisecond to several; threads that log at once share one.
     */
    SYNC
}
