package dev.daybook.journal;

import dev.daybook.port.MetricLease;

/** The leave to publish for one stretch between two events. Its state is the journal's: what it decides, it decides under that lock. */
final class Lease implements MetricLease {

    private final ChronicleJournal journal;
    private final Stream stream;
    private final int seals;
    private boolean sealed;

    /** Made under the journal's lock. */
    Lease(ChronicleJournal journal, Stream stream) {
        this.journal = journal;
        this.stream = stream;
        this.seals = stream.seals();
    }

    Stream stream() {
        return stream;
    }

    /** Under the journal's lock. */
    boolean isSealed() {
        return sealed || seals != stream.seals();
    }

    @Override
    public boolean publish(int metric, long step, double value, long epochMilli) {
        return journal.publish(this, metric, step, value, epochMilli);
    }

    @Override
    public void seal() {
        journal.seal(this);
    }

    /** Under the journal's lock. */
    void markSealed() {
        sealed = true;
    }
}
