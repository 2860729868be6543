package dev.daybook.journal;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/**
 * The Chronicle queue of a generation, for writing: one file, which never rolls because the queue's clock stands still.
 *
 * <p>{@link #append} and {@link #reserve} are not thread-safe, and not to be called after {@link #close}; {@link #force} and {@link #ahead}
 * may run beside them.
 */
final class QueueWriter implements Closeable {

    /** Forces an open file to disk, or throws. Tests put a disk that fails in its place. */
    interface Sync {
        Sync DISK = (path, file) -> file.sync();

        void sync(Path path, FileDescriptor file) throws IOException;
    }

    /** What Chronicle maps at a time, and a quarter more: each costs it some hundred bytes of the heap. */
    static final int BLOCK_BYTES = 32 << 20;

    private static final long TIMEOUT_MILLIS = 2_000;

    /** From where on it takes longer to force what is mapped than to map it again, and to meet an untouched page is felt. */
    private static final long MUCH = 256L << 10;

    /** What Chronicle's own beginning of the file needs. */
    private static final long FIRST_BYTES = 1L << 20;

    private final Path generation;
    private final Sync sync;
    private final long fullBytes;
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;

    /** Where the last document ends. */
    private volatile long end;

    private volatile @Nullable Space space;

    /** Where the last document ended when pages were touched again. */
    private long touchedAt;

    /** How many have asked to force, and how many of them are served: who waits while another one forces may find it done. */
    private final AtomicLong asked = new AtomicLong();

    // all under the monitor of this object
    private long served;
    private long leftAt;
    private @Nullable OpenFile file;
    private boolean finished;

    /** The kernel tells of a page that it could not write once, and forgets it: no later force makes that good. */
    private @Nullable IOException failure;

    /** The queue's file as it was when the first document stood in it. */
    private record OpenFile(RandomAccessFile open, Object key) {}

    private QueueWriter(Path generation, Sync sync, long fullBytes, ChronicleQueue queue) {
        this.generation = generation;
        this.sync = sync;
        this.fullBytes = fullBytes;
        this.queue = queue;
        this.appender = queue.createAppender();
        // its callers hold a lock; to bind it to a thread would only get in their way
        appender.singleThreadedCheckDisabled(true);
    }

    /**
     * Opens the queue in a generation that this process has just made.
     *
     * @param generation holds no queue yet
     * @param fullBytes how long it will be, about
     */
    static QueueWriter open(Path generation, Sync sync, long fullBytes) throws IOException {
        requireSpace(generation);
        var queue = SingleChronicleQueueBuilder.binary(generation)
                .rollCycle(RollCycles.FAST_DAILY)
                .timeProvider(() -> 0L)
                .blockSize(BLOCK_BYTES)
                .timeoutMS(TIMEOUT_MILLIS)
                .build();
        try {
            return new QueueWriter(generation, sync, fullBytes, queue);
        } catch (Throwable e) {
            queue.close();
            throw e;
        }
    }

    /** Chronicle begins its files in mapped memory, where a full disk is a fault and not an error. */
    private static void requireSpace(Path generation) throws IOException {
        // the file store is asked second: to find it all that is mounted is read
        if (generation.toFile().getUsableSpace() < FIRST_BYTES
                && Files.getFileStore(generation).getUsableSpace() < FIRST_BYTES) {
            throw new IOException("No space left on device");
        }
    }

    /** Makes the file before its first document, which then costs no more than any other. */
    void begin() throws IOException {
        begun();
        force();
    }

    /** The room for the next document; for the first one it takes a document that is rolled back to find where that is. */
    private Space begun() throws IOException {
        var begun = space;
        if (begun == null) {
            try (DocumentContext document = appender.writingDocument()) {
                end = document.wire().bytes().writePosition() - QueueFile.HEADER_BYTES;
                document.rollbackOnClose();
            }
            begun = new Space(JournalDirectory.queue(generation), end, fullBytes);
            space = begun;
        }
        return begun;
    }

    /**
     * Appends a document: when this returns it survives the death of the process.
     *
     * @return where it stands in the file
     */
    long append(byte[] bytes, int length) throws IOException {
        return write(bytes, length, length) - QueueFile.HEADER_BYTES;
    }

    /**
     * Appends a document of which only the first bytes are written now; the others are zeros, which {@link #window} gives to fill.
     *
     * @return where what is in it lies in the file
     */
    long reserve(byte[] bytes, int head, int length) throws IOException {
        return write(bytes, head, length);
    }

    private long write(byte[] bytes, int head, int length) throws IOException {
        var room = begun();
        room.require(end + length + Space.MARGIN);
        long at;
        try (DocumentContext document = appender.writingDocument()) {
            try {
                var wire = document.wire().bytes();
                at = wire.writePosition();
                wire.write(bytes, 0, head);
                wire.writePosition(at + length);
            } catch (Throwable e) {
                // else its close would make half a document count
                document.rollbackOnClose();
                throw e;
            }
        }
        end = at + length;
        return at;
    }

    /** Where the last document ends. */
    long end() {
        return end;
    }

    /** The window in which a document lies that was just reserved. */
    Window window(long at) throws IOException {
        return begun().windowAt(at);
    }

    /** Whether {@link #ahead} is wanted. */
    boolean isLow() {
        var begun = space;
        return begun != null && begun.isLow(end);
    }

    /** Secures room for what will be appended next. */
    void ahead() throws IOException {
        var begun = space;
        if (begun != null) {
            begun.secureAhead(end);
        }
    }

    /**
     * Makes up for what a force costs those who write on. A touch makes a page one that the next force writes: so it is for those who write
     * much only, and for no more pages than they have written since this was called last, by one thread.
     */
    void touchAgain() {
        var begun = space;
        long now = end;
        long written = now - touchedAt;
        touchedAt = now;
        if (begun != null && written >= MUCH) {
            begun.touchAgain(now, now + written);
        }
    }

    /**
     * Forces to disk all that was appended before, or throws. The first force makes the files themselves durable too.
     *
     * @throws IOException also if the file was deleted meanwhile: then nothing that was written to it is anywhere
     */
    void force() throws IOException {
        long ticket = asked.incrementAndGet();
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
            if (finished || served >= ticket) {
                return;
            }
            long all = asked.get();
            try {
                leaveMemory();
                sync();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
            served = all;
        }
    }

    /** Has what was appended since the last force unmapped, if it is much: see {@link Window}. */
    private void leaveMemory() throws IOException {
        var begun = space;
        long now = end;
        if (begun != null && now - leftAt >= MUCH) {
            begun.renew();
            leftAt = now;
        }
    }

    private void sync() throws IOException {
        var path = JournalDirectory.queue(generation);
        if (file == null) {
            if (!Files.exists(path)) {
                throw deleted(path);
            }
            // Of mode r: an fsync does not need more, and a file that was deleted is not to be made again.
            file = new OpenFile(new RandomAccessFile(path.toFile(), "r"), key(path));
            sync.sync(path, file.open().getFD());
            Disk.forceFile(JournalDirectory.queueMetadata(generation));
            Disk.forceDirectory(generation);
        } else {
            sync.sync(path, file.open().getFD());
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

    /**
     * Forces what was appended, if that is wanted, and closes. Who waits to force meanwhile has nothing more to do.
     */
    synchronized void finish(boolean forces) throws IOException {
        try (this) {
            if (forces) {
                force();
            }
            finished = true;
        }
    }

    /** Gives back the room that was secured too much, unless something went wrong before. */
    @Override
    public synchronized void close() throws IOException {
        try {
            queue.close();
            if (space != null) {
                if (finished) {
                    space.trim(end);
                }
                space.close();
            }
        } finally {
            if (file != null) {
                file.open().close();
            }
        }
    }
}
