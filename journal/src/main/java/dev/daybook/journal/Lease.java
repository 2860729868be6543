package dev.daybook.journal;

import dev.daybook.port.MetricLease;
import java.io.UncheckedIOException;

/** The leave to publish for one stretch between two events. Thread-safe. */
final class Lease implements MetricLease {

    /** How often a thread finds its writer taken before it asks for more writers. */
    private static final int PATIENCE = 32;

    private final ChronicleJournal journal;
    private final Stretch.Home stream;
    private final Stretch stretch;

    /** Set before the writers are quiesced, and read by who has entered one: that is what makes it seen. */
    private boolean sealed;

    Lease(ChronicleJournal journal, Stretch.Home stream, Stretch stretch) {
        this.journal = journal;
        this.stream = stream;
        this.stretch = stretch;
    }

    /** For who has entered a writer. */
    boolean isSealed() {
        return sealed;
    }

    @Override
    public boolean publish(int metric, long step, double value, long epochMilli) {
        for (int tries = 1; ; tries++) {
            var writers = stretch.writers();
            if (writers.length == 0) {
                return false;
            }
            journal.requireSound();
            var writer = writers[threadNumber() & writers.length - 1];
            switch (write(writer, metric, step, value, epochMilli)) {
                case WRITTEN -> {
                    journal.published();
                    return true;
                }
                case SEALED -> {
                    if (isSealedForGood()) {
                        return false;
                    }
                    // its writers were being replaced, and now are
                }
                case FULL -> stretch.move(writers);
                case BUSY -> {
                    if (tries == PATIENCE && writers.length < Stretch.MOST_WRITERS) {
                        stretch.widen(writers);
                        tries = 0;
                    } else {
                        BlockWriter.pause(tries);
                    }
                }
            }
        }
    }

    private BlockWriter.Outcome write(BlockWriter writer, int metric, long step, double value, long epochMilli) {
        try {
            return writer.write(this, metric, step, value, epochMilli);
        } catch (InternalError | UncheckedIOException e) {
            // an error is how the JVM tells of mapped memory that is not there any more
            throw journal.poison(e);
        }
    }

    /** Threads that were started one after the other have numbers that follow each other, so that their writers differ. */
    @SuppressWarnings("deprecation") // threadId() came with Java 19
    private static int threadNumber() {
        return (int) Thread.currentThread().getId();
    }

    private boolean isSealedForGood() {
        synchronized (stream) {
            return sealed;
        }
    }

    @Override
    public void seal() {
        synchronized (stream) {
            sealed = true;
            stretch.renew();
        }
    }
}
