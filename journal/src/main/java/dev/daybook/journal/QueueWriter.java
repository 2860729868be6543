package dev.daybook.journal;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/**
 * The Chronicle queue of a generation, for writing: one file, which never rolls because the queue's clock stands still.
 *
 * <p>{@link #append} is not thread-safe, and not to be called after {@link #close}; {@link #force} may run beside it.
 */
final class QueueWriter implements Closeable {

    /** Forces an open file to disk, or throws. Tests put a disk that fails in its place. */
    interface Sync {
        Sync DISK = FileDescriptor::sync;

        void sync(FileDescriptor file) throws IOException;
    }

    private static final int BLOCK_BYTES = 8 << 20;
    private static final long TIMEOUT_MILLIS = 2_000;

    private final Path generation;
    private final Sync sync;
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;

    // both under the monitor of this object
    private @Nullable OpenFile file;

    private boolean finished;

    /** The queue's file as it was when the first document stood in it. */
    private record OpenFile(RandomAccessFile open, Object key) {}

    private QueueWriter(Path generation, Sync sync, ChronicleQueue queue) {
        this.generation = generation;
        this.sync = sync;
        this.queue = queue;
        this.appender = queue.createAppender();
        // its callers hold a lock; to bind it to a thread would only get in their way
        appender.singleThreadedCheckDisabled(true);
    }

    /**
     * Opens the queue in a generation that this process has just made.
     *
     * @param generation holds no queue yet
     */
    static QueueWriter open(Path generation, Sync sync) {
        var queue = SingleChronicleQueueBuilder.binary(generation)
                .rollCycle(RollCycles.FAST_DAILY)
                .timeProvider(() -> 0L)
                .blockSize(BLOCK_BYTES)
                .timeoutMS(TIMEOUT_MILLIS)
                .build();
        try {
            return new QueueWriter(generation, sync, queue);
        } catch (Throwable e) {
            queue.close();
            throw e;
        }
    }

    /** Appends a document: when this returns it survives the death of the process. */
    void append(byte[] bytes, int length) {
        try (DocumentContext document = appender.writingDocument()) {
            try {
                document.wire().bytes().write(bytes, 0, length);
            } catch (Throwable e) {
                // else its close would make half a document count
                document.rollbackOnClose();
                throw e;
            }
        }
    }

    /**
     * Forces all that was appended before.
     *
     * @throws IOException if that is not on disk, or on no disk that anybody will ever read
     */
    synchronized void force() throws IOException {
        if (finished) {
            return;
        }
        var path = JournalDirectory.queue(generation);
        if (file == null) {
            if (!Files.exists(path)) {
                throw deleted(path);
            }
            // Of mode r: an fsync does not need more, and a file that was deleted is not to be made again.
            file = new OpenFile(new RandomAccessFile(path.toFile(), "r"), key(path));
            sync.sync(file.open().getFD());
            Disk.forceFile(JournalDirectory.queueMetadata(generation));
            Disk.forceDirectory(generation);
        } else {
            sync.sync(file.open().getFD());
        }
        if (!file.key().equals(key(path))) {
            throw deleted(path);
        }
    }

    private static Object key(Path path) throws IOException {
        try {
            var key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            // a file system without keys can at least be asked whether the file is there
            return key == null ? path : key;
        } catch (NoSuchFileException e) {
            throw deleted(path);
        }
    }

    private static IOException deleted(Path path) {
        return new IOException(path + " was deleted under us");
    }

    /** Forces what was appended, and closes. Who waits to force meanwhile has nothing more to do. */
    synchronized void finish() throws IOException {
        try (this) {
            force();
            finished = true;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            queue.close();
        } finally {
            if (file != null) {
                file.open().close();
            }
        }
    }
}
