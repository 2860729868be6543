package dev.daybook;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The steps of one metric, for values that are logged without one. As long as none is, a value with a step of its own leaves nothing behind
 * here: threads that log to one metric would only get into each other's way. Thread-safe.
 */
final class Steps {

    /** What comes after the largest number: no value is logged at it without a step. */
    private static final long BEHIND_ALL = Long.MIN_VALUE;

    private final AtomicLong next;

    /** Whether somebody logs without steps, so that {@link #next} is kept. */
    private volatile boolean isCounted;

    /** Whether values were logged that were not counted. */
    private volatile boolean isBehind;

    /**
     * @param next the first step that is given
     */
    Steps(long next) {
        this.next = new AtomicLong(next);
    }

    /** A value was logged at a step of its own. */
    void logged(long step) {
        if (isCounted) {
            next.setRelease(step + 1);
        } else if (!isBehind) {
            isBehind = true;
        }
    }

    /**
     * The step for a value that has none.
     *
     * @param last asks the journal for the step of the last value
     * @throws InvalidInputException if the last value has the last step that there is
     */
    long next(LongSupplier last) {
        if (!isCounted) {
            count(last);
        }
        long step = next.getAndIncrement();
        if (step == BEHIND_ALL) {
            next.set(BEHIND_ALL);
            throw new InvalidInputException(
                    "there is no step after " + Long.MAX_VALUE + ", which the last value has; log this one at a step");
        }
        return step;
    }

    private synchronized void count(LongSupplier last) {
        if (!isCounted) {
            if (isBehind) {
                next.set(last.getAsLong() + 1);
            }
            isCounted = true;
        }
    }
}
