package dev.daybook.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lock that a generation's writer holds for its life: the kernel drops it whatever way the process dies.
 *
 * <p>Closing <em>any</em> channel on a locked file drops the lock of the whole process, silently. So a lock file is opened once per JVM, by
 * its holder, and whoever asks looks into a registry of this JVM first. The registry is made of system properties, so that all class
 * loaders see it, whose value is the process, so that a child that inherits the properties does not believe them.
 */
final class LivenessLock implements Closeable {

    private static final String PROPERTY = "dev.daybook.lock.";
    private static final String SELF = ProcessHandle.current().pid() + "@"
            + ProcessHandle.current()
                    .info()
                    .startInstant()
                    .map(Objects::toString)
                    .orElse("?");

    /** The same once more, should somebody replace the system properties; and it keeps the channels from the garbage collector. */
    private static final Map<Path, FileChannel> HELD = new ConcurrentHashMap<>();

    private static final Object PROBING = new Object();

    private final FileChannel channel;
    private final Path registered;

    private LivenessLock(FileChannel channel, Path registered) {
        this.channel = channel;
        this.registered = registered;
    }

    /**
     * Creates a lock file and locks it.
     *
     * @param file where it is made; nobody else knows of it yet
     * @param registered the real path at which others will find it
     */
    static LivenessLock take(Path file, Path registered) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            var lock = channel.tryLock();
            if (lock == null) {
                throw new IOException("the new lock file " + file + " is locked by somebody else");
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        HELD.put(registered, channel);
        System.getProperties().putIfAbsent(PROPERTY + registered, SELF);
        return new LivenessLock(channel, registered);
    }

    /**
     * Whether a living process holds a lock file.
     *
     * @param file its real path
     */
    static boolean isHeld(Path file) throws IOException {
        synchronized (PROBING) {
            while (true) {
                if (isHeldHere(file)) {
                    return true;
                }
                // shared, so that two who ask do not take each other for the holder
                try (var probe = FileChannel.open(file, StandardOpenOption.READ);
                        FileLock lock = probe.tryLock(0, Long.MAX_VALUE, true)) {
                    return lock == null;
                } catch (NoSuchFileException e) {
                    return false;
                } catch (OverlappingFileLockException e) {
                    // another class loader of this JVM is asking too, for a moment
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static boolean isHeldHere(Path file) {
        return HELD.containsKey(file) || SELF.equals(System.getProperty(PROPERTY + file));
    }

    /** Gives the lock up; the file stays. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            // last, so that nobody in this JVM opens the file while its lock counts
            System.getProperties().remove(PROPERTY + registered);
            HELD.remove(registered);
        }
    }
}
