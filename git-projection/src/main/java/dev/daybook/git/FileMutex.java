package dev.daybook.git;

import dev.daybook.RepositoryException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/** What one holder has at a time, of all processes and of all threads of this one: the lock of a file. Who dies lets it go. */
final class FileMutex implements AutoCloseable {

    /**
     * Closing any channel on a lock file drops the lock of the whole JVM: so nobody opens one while a property says that it is held, which all
     * class loaders see.
     */
    private static final String HELD = "daybook.held.";

    private static final long PAUSE_MILLIS = 5;

    private final Path file;
    private final FileChannel channel;

    private FileMutex(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Empty if another one has it. */
    static Optional<FileMutex> tryTake(Path file) throws IOException {
        var real = Files.createDirectories(file.resolveSibling("")).toRealPath().resolve(file.getFileName());
        if (System.getProperties().putIfAbsent(HELD + real, "") != null) {
            return Optional.empty();
        }
        var taken = Optional.<FileMutex>empty();
        try {
            taken = lock(real);
        } finally {
            if (taken.isEmpty()) {
                System.getProperties().remove(HELD + real);
            }
        }
        return taken;
    }

    private static Optional<FileMutex> lock(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean isLocked = false;
        try {
            isLocked = channel.tryLock() != null;
        } finally {
            if (!isLocked) {
                channel.close();
            }
        }
        return isLocked ? Optional.of(new FileMutex(file, channel)) : Optional.empty();
    }

    /**
     * Waits for it.
     *
     * @param busy what is said if another one has it for longer than the patience
     */
    static FileMutex take(Path file, Duration patience, String busy) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            var taken = tryTake(file);
            if (taken.isPresent()) {
                return taken.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new RepositoryException(busy);
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RepositoryException("interrupted while waiting for " + file, e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            System.getProperties().remove(HELD + file);
        }
    }
}
