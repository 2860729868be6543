package dev.daybook.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/** Raw Chronicle Queue, a document of 32 bytes per record: no checksum and no sequence, which Daybook's records have. */
final class ChronicleStore implements Store {

    /** Who appends, and how. */
    enum Way {
        /** An appender per thread, with {@code writeBytes}. */
        OWN,
        /** One appender for all threads, in turn, with {@code writeBytes}. */
        SHARED,
        /** An appender per thread, with {@code writingDocument}: what its documentation shows first, and slower. */
        DOCUMENT
    }

    private static final int DOCUMENT_BYTES = 32;

    private final Path folder;
    private final SingleChronicleQueue queue;
    private final ReentrantLock lock = new ReentrantLock();
    private final Writer shared;
    private final Way way;

    ChronicleStore(Path folder, Way way) {
        this.folder = folder;
        this.way = way;
        this.queue = Queues.open(folder);
        this.shared = new Writer(appender());
    }

    private ExcerptAppender appender() {
        var appender = queue.createAppender();
        // as Daybook does with its own: spares Chronicle a check per document
        appender.singleThreadedCheckDisabled(true);
        return appender;
    }

    @Override
    public Recorder recorder() {
        return switch (way) {
            case OWN -> new Writer(appender());
            case SHARED -> this::logLocked;
            case DOCUMENT -> {
                var own = appender();
                yield (step, value) -> logDocument(own, step, value);
            }
        };
    }

    private static void logDocument(ExcerptAppender appender, long step, double value) {
        try (DocumentContext document = appender.writingDocument()) {
            put(document.wire().bytes(), step, value);
        }
    }

    private static void put(Bytes<?> document, long step, double value) {
        document.writeInt(METRIC).writeInt(0).writeLong(step).writeDouble(value).writeLong(System.currentTimeMillis());
    }

    private void logLocked(long step, double value) {
        lock.lock();
        try {
            shared.log(step, value);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long records() {
        return queue.entryCount();
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        queue.close();
    }

    /** Keeps a document beside the queue, and appends it as it is. */
    private static final class Writer implements Recorder {

        private final ExcerptAppender appender;
        private final Bytes<?> document = Bytes.allocateDirect(DOCUMENT_BYTES);

        Writer(ExcerptAppender appender) {
            this.appender = appender;
            document.singleThreadedCheckDisabled(true);
        }

        @Override
        public void log(long step, double value) {
            document.clear();
            put(document, step, value);
            appender.writeBytes(document);
        }
    }
}
