package dev.daybook.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/** Raw Chronicle Queue, a document of 32 bytes per record: no checksum and no sequence, which Daybook's records have. */
final class ChronicleStore implements Store {

    private static final int DOCUMENT_BYTES = 32;

    private final Path folder;
    private final SingleChronicleQueue queue;
    private final ReentrantLock lock = new ReentrantLock();
    private final Writer shared;
    private final boolean isShared;

    /** @param isShared whether all threads use one appender, in turn */
    ChronicleStore(Path folder, boolean isShared) {
        this.folder = folder;
        this.isShared = isShared;
        this.queue = Queues.open(folder);
        this.shared = new Writer(queue.createAppender());
    }

    @Override
    public Recorder recorder() {
        return isShared ? this::logLocked : new Writer(queue.createAppender());
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

    /** Takes {@code writeBytes}, which was the quickest of its ways to append: about a fifth less than a {@code writingDocument}. */
    private static final class Writer implements Recorder {

        private final ExcerptAppender appender;
        private final Bytes<?> document = Bytes.allocateDirect(DOCUMENT_BYTES);

        Writer(ExcerptAppender appender) {
            this.appender = appender;
            // as Daybook does with its own: spares Chronicle a check per document
            appender.singleThreadedCheckDisabled(true);
            document.singleThreadedCheckDisabled(true);
        }

        @Override
        public void log(long step, double value) {
            document.clear();
            document.writeInt(METRIC)
                    .writeInt(0)
                    .writeLong(step)
                    .writeDouble(value)
                    .writeLong(System.currentTimeMillis());
            appender.writeBytes(document);
        }
    }
}
