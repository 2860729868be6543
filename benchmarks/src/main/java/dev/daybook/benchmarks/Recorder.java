package dev.daybook.benchmarks;

/** Keeps one metric value after the other, each stamped with the wall clock; used by the one thread that it was made on. */
interface Recorder {

    void log(long step, double value);
}
