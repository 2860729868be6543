package dev.daybook.journal;

import dev.daybook.JournalException;
import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Entry;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.MetricLease;
import dev.daybook.port.Position;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one process: it appends to one generation of its own and reads all of them.
 *
 * <p>Whatever is written is written under one lock, so that the order of the documents is the true order and a sealed lease is sealed. What is
 * forced is forced outside of it: threads go on publishing while another one waits for the disk.
 *
 * <p>When a write or a force fails, nobody can say what is on disk. From then on the journal refuses every write, naming that failure. What
 * was acknowledged before stays readable. <b>The event whose append failed may stand in the journal, or not.</b>
 */
final class ChronicleJournal implements Journal {

    private final JournalDirectory directory;
    private final JvmAccess access;
    private final QueueWriter.Sync sync;
    private final TakeoverLock takeover;
    private final NameReservations names;
    private final Map<String, JournalGeneration> generations = new HashMap<>();

    private final Object lock = new Object();

    // all below under the lock
    private final Map<ExperimentId, Stream> streams = new HashMap<>();
    private final FrameWriter frame = new FrameWriter();
    private @Nullable OwnGeneration own;
    private @Nullable QueueWriter queue;
    private long documents;
    private @Nullable Throwable failure;
    private boolean closed;

    /** The name of the own generation, once there is one. */
    private volatile String ownName = "";

    ChronicleJournal(JournalDirectory directory, JvmAccess access, QueueWriter.Sync sync) {
        this.directory = directory;
        this.access = access;
        this.sync = sync;
        this.takeover = new TakeoverLock(directory);
        this.names = new NameReservations(directory, takeover);
    }

    @Override
    public Entry append(ExperimentId id, AppendCondition condition, Instant time, Event event) {
        var bytes = EventCodec.encode(event);
        boolean exclusive = takeover.isHeldByThisThread();
        Entry entry;
        QueueWriter writer;
        synchronized (lock) {
            requireWritable();
            var stream = streams.getOrDefault(id, new Stream(id));
            stream.require(condition, exclusive);
            writer = queue();
            entry = write(stream, condition, time.toEpochMilli(), event, bytes);
            streams.put(id, stream);
        }
        force(writer);
        return entry;
    }

    private Entry write(Stream stream, AppendCondition condition, long epochMilli, Event event, byte[] bytes) {
        stream.seal();
        long document = documents;
        long index = condition.tail().events();
        var cut = stream.cut();
        var chain = condition.tail().chain().next(index, epochMilli, cut, bytes);
        frame.event(document, stream.id(), index, epochMilli, cut, chain, bytes);
        write();
        var entry = new Entry(
                new Position(ownName, document),
                stream.id(),
                index,
                Instant.ofEpochMilli(epochMilli),
                cut,
                chain,
                event);
        stream.follow(entry.tail());
        return entry;
    }

    @Override
    public MetricLease lease(ExperimentId id) {
        synchronized (lock) {
            requireWritable();
            var stream = streams.get(id);
            if (stream == null || !stream.isHeld()) {
                throw new IllegalStateException(
                        "experiment " + id + " cannot log metrics: its stream does not end here");
            }
            return new Lease(this, stream);
        }
    }

    /** The hot path: allocates nothing. */
    boolean publish(Lease lease, int metric, long step, double value, long epochMilli) {
        synchronized (lock) {
            if (closed || lease.isSealed()) {
                return false;
            }
            requireWritable();
            var stream = lease.stream();
            var track = stream.metrics();
            int checksum = frame.metric(
                    documents, stream.id(), track.writer(), track.nextSequence(), metric, step, value, epochMilli);
            write();
            track.add(checksum);
            return true;
        }
    }

    void seal(Lease lease) {
        synchronized (lock) {
            lease.markSealed();
        }
    }

    @Override
    public void release(ExperimentId id) {
        synchronized (lock) {
            var stream = streams.get(id);
            if (closed || stream == null || !stream.isHeld()) {
                return;
            }
            stream.seal();
            requireWritable();
            frame.released(documents, id);
            write();
            stream.release();
        }
    }

    @Override
    public boolean reserveName(String name, ExperimentId id) {
        synchronized (lock) {
            requireWritable();
            own();
        }
        return names.reserve(name, id, ownName);
    }

    @Override
    public void releaseName(String name, ExperimentId id) {
        names.release(name, id);
    }

    @Override
    public <T> T exclusively(Supplier<T> action) {
        return takeover.hold(action);
    }

    @Override
    public List<Generation> generations() {
        // listed under the lock: an older listing must not make a younger one forget what it gave out
        synchronized (generations) {
            return listed();
        }
    }

    private List<Generation> listed() {
        try {
            var existing = directory.generations();
            generations.keySet().retainAll(existing);
            return existing.stream().<Generation>map(this::generation).toList();
        } catch (IOException e) {
            throw new JournalException("the journal " + directory.path() + " cannot be listed: " + Disk.reason(e), e);
        }
    }

    private JournalGeneration generation(String name) {
        return generations.computeIfAbsent(name, made -> new JournalGeneration(directory, made, ownName::equals));
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            giveUp();
        } catch (IOException e) {
            throw new JournalException(
                    "the journal " + directory.path() + " was closed, but what was written last may not be on disk: "
                            + Disk.reason(e),
                    e);
        }
    }

    /** Without the lock, because nothing but this touches queue and directory once the journal is closed. */
    private void giveUp() throws IOException {
        try {
            if (queue != null && failure == null) {
                queue.finish();
            } else if (queue != null) {
                queue.close();
            }
        } finally {
            if (own != null) {
                own.close();
            }
        }
    }

    private void requireWritable() {
        if (closed) {
            throw new JournalException("the journal is closed");
        }
        if (failure != null) {
            throw new JournalException(
                    "the journal takes no more writes, because one has failed: " + Disk.reason(failure), failure);
        }
    }

    private OwnGeneration own() {
        if (own == null) {
            access.ensure();
            try {
                own = Disk.uninterrupted(() -> OwnGeneration.make(directory));
            } catch (IOException e) {
                throw new JournalException(
                        "the journal " + directory.path() + " cannot be written: " + Disk.reason(e), e);
            }
            ownName = own.name();
        }
        return own;
    }

    private QueueWriter queue() {
        if (queue == null) {
            var path = own().path();
            try {
                queue = QueueWriter.open(path, sync);
            } catch (Throwable e) {
                throw poison(e);
            }
        }
        return queue;
    }

    /** Appends what is in the frame. */
    private void write() {
        try {
            queue().append(frame.bytes(), frame.length());
        } catch (Throwable e) {
            // errors too: an InternalError is how the JVM tells of mapped memory that no disk was found for
            throw poison(e);
        }
        documents++;
    }

    private void force(QueueWriter writer) {
        try {
            writer.force();
        } catch (IOException e) {
            throw poison(e);
        }
    }

    private JournalException poison(Throwable cause) {
        synchronized (lock) {
            if (failure == null) {
                failure = cause;
            }
        }
        return new JournalException(
                "the journal " + directory.path() + " cannot be written any more: " + Disk.reason(cause), cause);
    }
}
