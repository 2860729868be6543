package dev.daybook.journal;

import dev.daybook.JournalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that does for those who log whatever would keep them waiting: it secures room ahead of them, makes the next generation, finishes
 * the last one, and forces records to disk once a second.
 */
final class Housekeeper {

    private static final Logger LOG = LoggerFactory.getLogger("dev.daybook.journal");
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Makes one for a journal. */
    interface Maker {
        Housekeeper make(ChronicleJournal journal, boolean forces);
    }

    /** What it waits by. Tests put a time of their own in its place. */
    interface Clock {
        Clock SYSTEM = new Clock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void park(Object blocker, long nanos) {
                LockSupport.parkNanos(blocker, nanos);
            }
        };

        long nanoTime();

        /** Waits so long, or until this thread is woken; not at all if that time is up. */
        void park(Object blocker, long nanos);
    }

    private final ChronicleJournal journal;
    private final boolean forces;
    private final Clock clock;
    private final Thread thread;

    private volatile boolean isWanted;
    private volatile boolean isEnded;

    /**
     * @param forces whether it forces records once a second
     */
    Housekeeper(ChronicleJournal journal, boolean forces) {
        this(journal, forces, Clock.SYSTEM, Thread::new);
    }

    Housekeeper(ChronicleJournal journal, boolean forces, Clock clock, ThreadFactory threads) {
        this.journal = journal;
        this.forces = forces;
        this.clock = clock;
        this.thread = threads.newThread(this::run);
        thread.setName("daybook-journal");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Asks it to look after the journal; costs nothing if that was done already. */
    void wake() {
        if (!isWanted) {
            isWanted = true;
            LockSupport.unpark(thread);
        }
    }

    /** Ends it, and waits until it is done with what it is at. */
    void end() {
        isEnded = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            journal.collectIfDue();
            keepHouse();
        } catch (RuntimeException | Error e) {
            // without this thread nothing would be forced any more: that is not to pass in silence
            journal.poison(e);
            throw e;
        }
    }

    private void keepHouse() {
        long forcedAt = clock.nanoTime();
        while (!isEnded) {
            if (!isWanted) {
                pause(forcedAt);
            }
            isWanted = false;
            try {
                journal.keepHouse();
            } catch (IOException | JournalException e) {
                // Nothing was promised yet. Who needs the room meets the same error when he asks for it himself.
                LOG.warn("the journal could not be kept ready: {}", Disk.reason(e));
                rest(forcedAt);
            }
            if (forces && clock.nanoTime() - forcedAt >= INTERVAL.toNanos()) {
                forcedAt = clock.nanoTime();
                forceOrEnd();
            }
        }
    }

    /** Waits to be woken, but never past the next force; not at all if it is to end, for of that it may have been woken already. */
    private void pause(long forcedAt) {
        if (!isEnded) {
            clock.park(this, nanosToWait(forcedAt));
        }
    }

    private long nanosToWait(long forcedAt) {
        return INTERVAL.toNanos() - (forces ? clock.nanoTime() - forcedAt : 0);
    }

    /** Waits as long, whoever wakes it: each would have it try again, and warn again. */
    private void rest(long forcedAt) {
        long until = clock.nanoTime() + nanosToWait(forcedAt);
        while (!isEnded && until - clock.nanoTime() > 0) {
            clock.park(this, until - clock.nanoTime());
        }
    }

    private void forceOrEnd() {
        try {
            journal.forceRecords();
        } catch (JournalException e) {
            // the journal is poisoned by that: the next call throws it
            isEnded = true;
        }
    }

    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }
}
