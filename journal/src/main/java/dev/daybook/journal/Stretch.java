package dev.daybook.journal;

import java.util.Arrays;

/**
 * What an experiment logs between two of its events: the writers that its threads share, until the next event seals them.
 *
 * <p>A thread writes with the writer that its number falls to, so that its own records keep their order. There is one writer at first. When
 * threads get into each other's way there are twice as many, up to {@link #MOST_WRITERS} whatever the number of threads; when the generation is
 * full the experiment goes on in the next one. Both happen by new writers for all threads at once: every block of the old ones stands in
 * front of every block of the new ones, so that each thread's order is that of the documents still.
 */
final class Stretch {

    /** Enough that two busy threads seldom share one, few enough that their blocks do not matter. */
    static final int MOST_WRITERS = 16;

    private static final BlockWriter[] SEALED = {};

    /** Where the records go: the stream, whose monitor all this is under. */
    interface Home {

        /** Writers that go on where those of the same numbers have stopped. */
        BlockWriter[] newWriters(int count);

        /** Goes on in the present generation. */
        void moveOn();
    }

    private final Home stream;
    private volatile BlockWriter[] writers;

    /** Under the stream's monitor. */
    Stretch(Home stream, int writers) {
        this.stream = stream;
        this.writers = stream.newWriters(writers);
    }

    /** The writers now, a power of two of them; none once the stretch is sealed. */
    BlockWriter[] writers() {
        return writers;
    }

    /** Whether it takes nothing any more, because it was sealed or could not go on. */
    boolean isEnded() {
        return writers.length == 0;
    }

    /** Has twice as many writers, unless somebody was quicker. */
    void widen(BlockWriter[] seen) {
        synchronized (stream) {
            if (writers == seen) {
                quiesce();
                goOn(2 * seen.length);
            }
        }
    }

    /** Goes on in the present generation, unless somebody was quicker; if that cannot be written, the stretch has ended. */
    void move(BlockWriter[] seen) {
        synchronized (stream) {
            if (writers == seen) {
                seal();
                stream.moveOn();
                var heirs = stream.newWriters(seen.length);
                for (int number = 0; number < heirs.length; number++) {
                    heirs[number].inherit(seen[number]);
                }
                writers = heirs;
            }
        }
    }

    /** Waits until nobody is inside who came in before; under the stream's monitor. */
    void renew() {
        var before = writers;
        if (before.length > 0) {
            quiesce();
            goOn(before.length);
        }
    }

    private void goOn(int count) {
        try {
            writers = stream.newWriters(count);
        } catch (Throwable e) {
            // for want of memory: with writers that take nothing it would be neither open nor ended
            writers = SEALED;
            throw e;
        }
    }

    /** Ends it; when this returns all that was let in is counted. Under the stream's monitor. */
    void seal() {
        quiesce();
        writers = SEALED;
    }

    /**
     * Its writers leave the memory of blocks that lie far behind, before that is forced; who logs on has it mapped again.
     *
     * @return whether anything may have been logged since this was asked last
     */
    boolean rest() {
        var open = writers;
        // ended without an event, or just moving on: what was logged before is in no writer that can be asked
        boolean isNew = open.length == 0;
        for (var writer : open) {
            isNew |= writer.rest();
        }
        return isNew;
    }

    private void quiesce() {
        Arrays.stream(writers).forEach(BlockWriter::seal);
    }
}
