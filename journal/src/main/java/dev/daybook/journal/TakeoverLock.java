package dev.daybook.journal;

import dev.daybook.JournalException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The one lock of a repository: held by one thread of one process at a time, for as long as a takeover lasts. */
final class TakeoverLock {

    private static final Duration RETRY = Duration.ofMillis(5);

    /** One for all class loaders of this JVM, as a literal is: to close a channel drops the lock of every other one on the file. */
    private static final Object CLOSING = "dev.daybook.journal.TakeoverLock".intern();

    /** An OS lock belongs to the process: among the threads of this one, this decides. */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final JournalDirectory directory;
    private final ReentrantLock threads;

    TakeoverLock(JournalDirectory directory) {
        this.directory = directory;
        this.threads = THREADS.computeIfAbsent(directory.takeoverLock(), file -> new ReentrantLock());
    }

    boolean isHeldByThisThread() {
        return threads.isHeldByCurrentThread();
    }

    /**
     * Runs an action while holding the lock.
     *
     * @throws IllegalStateException if this thread holds it already
     */
    <T> T hold(Supplier<T> action) {
        if (isHeldByThisThread()) {
            throw new IllegalStateException("exclusively is not to be nested");
        }
        threads.lock();
        try {
            var held = lock();
            try {
                return action.get();
            } finally {
                synchronized (CLOSING) {
                    held.close();
                }
            }
        } catch (IOException e) {
            throw new JournalException(
                    "the lock for takeovers, " + directory.takeoverLock() + ", cannot be taken: " + Disk.reason(e), e);
        } finally {
            threads.unlock();
        }
    }

    private FileChannel lock() throws IOException {
        directory.create();
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                var channel =
                        FileChannel.open(directory.takeoverLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                try {
                    lock(channel);
                    return channel;
                } catch (FileLockInterruptionException e) {
                    // the interrupt has closed the channel
                    interrupted |= Thread.interrupted();
                } catch (IOException e) {
                    channel.close();
                    throw e;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                synchronized (CLOSING) {
                    if (channel.tryLock() != null) {
                        return;
                    }
                }
                // another process has it: waited for here, and then asked for again
                channel.lock().release();
            } catch (OverlappingFileLockException e) {
                // Another class loader of this JVM has it. The channel stays open: to close it would drop the lock of
                // the other one.
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }
}
