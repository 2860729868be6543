package dev.daybook.port;

/** Metric records of one experiment that stand one behind the other in one document. Who is given some takes what he needs before he returns. */
public interface MetricBatch {

    /** How many records it has. */
    int size();

    /** The number of a record's metric. */
    int metric(int record);

    long step(int record);

    double value(int record);

    long epochMilli(int record);

    /** So many, from the first one on, are done with: those that a sink was not done with when it threw come again. */
    void take(int upTo);
}
