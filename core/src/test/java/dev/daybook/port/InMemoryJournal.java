package dev.daybook.port;

import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * A journal in memory that keeps the whole contract: what it holds lives as long as its {@link Store}, which journals share as processes
 * share a directory. Thread-safe, by one lock for the whole store.
 */
public final class InMemoryJournal implements Journal {

    /** What a directory is to a real journal. */
    public static final class Store {
        private final List<Written> generations = new ArrayList<>();
        private final Map<ExperimentId, Stream> streams = new HashMap<>();
        private final Map<String, Reservation> names = new HashMap<>();
        private final ReentrantLock takeover = new ReentrantLock();
        private int begun;

        /** As whoever deletes a generation's folder; they are numbered from 0. */
        public synchronized void delete(int number) {
            generations.removeIf(generation -> generation.name.equals(nameOf(number)));
        }

        private static String nameOf(int number) {
            return "%08d".formatted(number);
        }
    }

    private record Reservation(ExperimentId id, InMemoryJournal maker) {}

    /** What a generation holds, for any reader. */
    private static final class Written {
        final String name;
        final List<Consumer<EntrySink>> marksAndRecords = new ArrayList<>();
        final List<Optional<Entry>> entries = new ArrayList<>();
        boolean alive = true;

        Written(String name) {
            this.name = name;
        }

        void add(Optional<Entry> entry, Consumer<EntrySink> other) {
            entries.add(entry);
            marksAndRecords.add(other);
        }
    }

    /** One experiment's records in one generation. */
    private static final class Count {
        long records;
        final CRC32C checksum = new CRC32C();

        Cut cut() {
            return records == 0 ? Cut.NONE : new Cut(List.of(new Cut.Writer(0, records, (int) checksum.getValue())));
        }
    }

    /** Where an experiment's stream ends. */
    private static final class Stream {
        Tail tail;
        Written generation;
        boolean released;
        final Map<Written, Count> counts = new HashMap<>();
        final List<Lease> leases = new ArrayList<>();

        Stream(Tail tail, Written generation) {
            this.tail = tail;
            this.generation = generation;
        }

        void sealLeases() {
            leases.forEach(MetricLease::seal);
            leases.clear();
        }

        Count count() {
            return counts.computeIfAbsent(generation, written -> new Count());
        }
    }

    private final Store store;
    private final Map<String, Generation> views = new HashMap<>();
    private Optional<Written> own = Optional.empty();
    private boolean closed;
    private Consumer<Event> beforeAppend = event -> {};
    private Consumer<Entry> afterAppend = entry -> {};
    private Consumer<String> onForce = generation -> {};

    public InMemoryJournal(Store store) {
        this.store = store;
    }

    /** Calls this before each event is taken; what it throws, {@link #append} throws, and the event is not in the journal. */
    public void beforeAppend(Consumer<Event> hook) {
        beforeAppend = hook;
    }

    /** Calls this after each event was taken; what it throws, {@link #append} throws, and the event is in the journal for good. */
    public void afterAppend(Consumer<Entry> hook) {
        afterAppend = hook;
    }

    /** Calls this with the name of each generation that is forced through this journal. */
    public void onForce(Consumer<String> hook) {
        onForce = hook;
    }

    @Override
    public Entry append(ExperimentId id, AppendCondition condition, Instant time, Event event) {
        beforeAppend.accept(event);
        byte[] bytes = EventCodec.encode(event);
        var entry = taken(id, condition, time, bytes);
        afterAppend.accept(entry);
        return entry;
    }

    private Entry taken(ExperimentId id, AppendCondition condition, Instant time, byte[] bytes) {
        synchronized (store) {
            requireOpen();
            var stream = Optional.ofNullable(store.streams.get(id));
            check(id, condition, stream);
            var generation = own.orElseGet(this::begin);
            var moved = stream.orElseGet(() -> new Stream(condition.tail(), generation));
            moved.generation = generation;
            moved.sealLeases();
            moved.released = false;
            var kept = time.truncatedTo(ChronoUnit.MILLIS);
            long index = condition.tail().events();
            var cut = moved.count().cut();
            var chain = condition.tail().chain().next(index, kept.toEpochMilli(), cut, bytes);
            var position = new Position(generation.name, generation.entries.size());
            var entry = new Entry(position, id, index, kept, cut, chain, EventCodec.decode(bytes));
            generation.add(Optional.of(entry), sink -> {});
            moved.tail = entry.tail();
            store.streams.put(id, moved);
            return entry;
        }
    }

    private void check(ExperimentId id, AppendCondition condition, Optional<Stream> stream) {
        boolean holds;
        if (condition instanceof AppendCondition.Begins) {
            holds = stream.isEmpty() && condition.tail().equals(Tail.start(id));
        } else if (condition instanceof AppendCondition.Continues) {
            holds = stream.filter(this::endsHere).isPresent()
                    && stream.get().tail.equals(condition.tail());
        } else {
            holds = store.takeover.isHeldByCurrentThread()
                    && stream.filter(end -> !endsHere(end) && (end.released || !end.generation.alive))
                            .isPresent()
                    && stream.get().tail.equals(condition.tail());
        }
        if (!holds) {
            throw new IllegalStateException("experiment " + id + ": " + condition + " does not hold; the stream ends "
                    + stream.map(end -> "in " + end.generation.name + " with " + end.tail)
                            .orElse("nowhere"));
        }
    }

    private boolean endsHere(Stream stream) {
        return own.isPresent() && stream.generation == own.get();
    }

    private Written begin() {
        var generation = new Written(Store.nameOf(store.begun++));
        store.generations.add(generation);
        own = Optional.of(generation);
        return generation;
    }

    @Override
    public MetricLease lease(ExperimentId id) {
        synchronized (store) {
            requireOpen();
            var stream = store.streams.get(id);
            if (stream == null || !endsHere(stream) || stream.released) {
                throw new IllegalStateException("the stream of experiment " + id + " does not end in this journal");
            }
            var lease = new Lease(id, stream.generation, stream.count());
            stream.leases.add(lease);
            return lease;
        }
    }

    private final class Lease implements MetricLease {
        private final ExperimentId id;
        private final Written generation;
        private final Count count;
        private boolean sealed;

        Lease(ExperimentId id, Written generation, Count count) {
            this.id = id;
            this.generation = generation;
            this.count = count;
        }

        @Override
        public boolean publish(int metric, long step, double value, long epochMilli) {
            synchronized (store) {
                if (sealed) {
                    return false;
                }
                long document = generation.entries.size();
                generation.add(Optional.empty(), sink -> sink.metric(id, document, 0, metric, step, value, epochMilli));
                var record = ByteBuffer.allocate(28);
                record.putInt(metric).putLong(step);
                record.putLong(Double.doubleToRawLongBits(value)).putLong(epochMilli);
                var crc = new CRC32C();
                crc.update(record.array());
                count.checksum.update(ByteBuffer.allocate(4)
                        .putInt(Integer.reverseBytes((int) crc.getValue()))
                        .flip());
                count.records++;
                return true;
            }
        }

        @Override
        public void seal() {
            synchronized (store) {
                sealed = true;
            }
        }
    }

    @Override
    public void release(ExperimentId id) {
        synchronized (store) {
            var stream = store.streams.get(id);
            if (closed || stream == null || !endsHere(stream) || stream.released) {
                return;
            }
            stream.sealLeases();
            stream.released = true;
            stream.generation.add(Optional.empty(), sink -> sink.released(id));
        }
    }

    @Override
    public boolean reserveName(String name, ExperimentId id) {
        synchronized (store) {
            requireOpen();
            var holder = Optional.ofNullable(store.names.get(name)).filter(held -> !isVoid(held));
            if (holder.isEmpty()) {
                store.names.put(name, new Reservation(id, this));
            }
            return holder.isEmpty() || holder.get().id.equals(id);
        }
    }

    private boolean isVoid(Reservation reservation) {
        return reservation.maker.closed && !store.streams.containsKey(reservation.id);
    }

    @Override
    public void releaseName(String name, ExperimentId id) {
        synchronized (store) {
            var holder = store.names.get(name);
            if (holder != null && holder.id.equals(id)) {
                store.names.remove(name);
            }
        }
    }

    @Override
    public <T> T exclusively(Supplier<T> action) {
        if (store.takeover.isHeldByCurrentThread()) {
            throw new IllegalStateException("the lock of the repository is not reentrant");
        }
        store.takeover.lock();
        try {
            return action.get();
        } finally {
            store.takeover.unlock();
        }
    }

    @Override
    public List<Generation> generations() {
        synchronized (store) {
            var result = new ArrayList<Generation>();
            for (var written : store.generations) {
                result.add(views.computeIfAbsent(written.name, name -> new View(written)));
            }
            return result;
        }
    }

    private final class View implements Generation {
        private final Written written;

        View(Written written) {
            this.written = written;
        }

        @Override
        public String name() {
            return written.name;
        }

        @Override
        public boolean isOwn() {
            synchronized (store) {
                return own.isPresent() && own.get() == written;
            }
        }

        @Override
        public boolean isAlive() {
            synchronized (store) {
                return written.alive;
            }
        }

        @Override
        public String writer() {
            return "journal " + written.name + " in memory";
        }

        @Override
        public void force() {
            onForce.accept(written.name);
        }

        @Override
        public long read(long cursor, EntrySink sink) {
            for (int at = (int) cursor; ; at++) {
                Optional<Entry> entry;
                Consumer<EntrySink> other;
                synchronized (store) {
                    if (at >= written.entries.size()) {
                        return at;
                    }
                    entry = written.entries.get(at);
                    other = written.marksAndRecords.get(at);
                }
                if (entry.isPresent() && !sink.event(entry.get())) {
                    return at;
                }
                other.accept(sink);
            }
        }

        @Override
        public Optional<String> damage() {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        synchronized (store) {
            closed = true;
            own.ifPresent(generation -> generation.alive = false);
            store.streams.values().stream().filter(this::endsHere).forEach(Stream::sealLeases);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the journal is closed");
        }
    }
}
