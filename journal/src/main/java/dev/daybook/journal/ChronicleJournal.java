package dev.daybook.journal;

import dev.daybook.JournalException;
import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Contents;
import dev.daybook.port.Contents.Content;
import dev.daybook.port.Entry;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.JournalSettings.Force;
import dev.daybook.port.MetricLease;
import dev.daybook.port.Projection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of one process: it appends to generations of its own, one after the other, and reads all of them.
 *
 * <p>Locks are taken in this order: a stream's monitor, its writers, a generation's monitor.
 *
 * <p>When a write or a force fails, nobody can say what is on disk. From then on the journal refuses every write, naming that failure. What
 * was acknowledged before stays readable. <b>The event whose append failed may stand in the journal, or not.</b>
 */
final class ChronicleJournal implements Journal {

    private static final Logger LOG = LoggerFactory.getLogger("dev.daybook.journal");

    /** The end of the sentence about a failure. */
    private static final String SAFE = "; what was on disk before is safe: mend that, and open Daybook again";

    private final JournalDirectory directory;
    private final JvmAccess access;
    private final QueueWriter.Sync sync;
    private final JournalSettings settings;
    private final BlockWriter.Sizes blockSizes;
    private final Housekeeper.Maker keepers;
    private final TakeoverLock takeover;
    private final NameReservations names;
    private final Collector collector;
    private final Map<String, JournalGeneration> generations = new HashMap<>();

    private final Map<ExperimentId, Stream> streams = new ConcurrentHashMap<>();

    /** The generation that a name was reserved in, which is where its experiment is to begin. */
    private final Map<ExperimentId, GenerationWriter> reserved = new ConcurrentHashMap<>();

    /** Those of this process that are not finished, in their order. */
    private final List<GenerationWriter> writing = new CopyOnWriteArrayList<>();

    /** Those that were finished without being forced. */
    private final List<GenerationWriter> unforced = new CopyOnWriteArrayList<>();

    private final Set<String> ownNames = ConcurrentHashMap.newKeySet();
    /** Of threads that do several things together. */
    private final Map<Thread, ToForce> together = new ConcurrentHashMap<>();

    private final AtomicBoolean unforcedRecords = new AtomicBoolean();

    private final Object making = new Object();
    private volatile @Nullable GenerationWriter current;
    private volatile @Nullable GenerationWriter next;
    private volatile @Nullable Housekeeper housekeeper;
    private volatile @Nullable Throwable failure;

    /** Whether somebody who has called knows of the failure. */
    private volatile boolean isFailureTold;

    private volatile boolean closed;

    ChronicleJournal(JournalDirectory directory, JvmAccess access, QueueWriter.Sync sync) {
        this(directory, access, sync, JournalSettings.defaults(false), BlockWriter.Sizes.DEFAULT);
    }

    ChronicleJournal(
            JournalDirectory directory,
            JvmAccess access,
            QueueWriter.Sync sync,
            JournalSettings settings,
            BlockWriter.Sizes blockSizes) {
        this(directory, access, sync, settings, blockSizes, Housekeeper::new);
    }

    ChronicleJournal(
            JournalDirectory directory,
            JvmAccess access,
            QueueWriter.Sync sync,
            JournalSettings settings,
            BlockWriter.Sizes blockSizes,
            Housekeeper.Maker keepers) {
        this.blockSizes = blockSizes;
        this.keepers = keepers;
        this.directory = directory;
        this.access = access;
        this.sync = sync;
        this.settings = settings;
        this.takeover = new TakeoverLock(directory);
        this.names = new NameReservations(directory, takeover);
        this.collector = new Collector(directory, settings, this::ownContents);
    }

    @Override
    public Entry append(ExperimentId id, AppendCondition condition, Instant time, Event event) {
        var bytes = EventCodec.encode(event);
        boolean exclusive = takeover.isHeldByThisThread();
        var stream = stream(id);
        Entry entry;
        synchronized (stream) {
            requireWritable();
            var place = enterPlace(id, condition);
            try {
                entry = stream.append(condition, exclusive, place, time.toEpochMilli(), event, bytes);
            } finally {
                place.leave();
            }
            unreserve(id);
        }
        if (event.isSettling()) {
            collector.settled();
        }
        if (settings.force() != Force.PROCESS
                || event instanceof Event.SavePrepared
                || condition instanceof AppendCondition.Inherits
                || !current().isForced()) {
            forceSoon();
        }
        return entry;
    }

    /** Now, or at the end of what this thread appends together. */
    private void forceSoon() {
        var batch = together.get(Thread.currentThread());
        if (batch == null) {
            force();
        } else {
            batch.events = true;
        }
    }

    /** What is to be forced at the end of an action; of one thread. */
    private static final class ToForce {
        private boolean events;
        private boolean names;
    }

    @Override
    public void together(Runnable appends) {
        var toForce = new ToForce();
        if (together.putIfAbsent(Thread.currentThread(), toForce) != null) {
            appends.run();
            return;
        }
        try {
            appends.run();
        } finally {
            together.remove(Thread.currentThread());
            if (toForce.names) {
                names.force();
            }
            if (toForce.events) {
                force();
            }
        }
    }

    private Stream stream(ExperimentId id) {
        return streams.computeIfAbsent(id, made -> new Stream(made, this));
    }

    /** Where an experiment's next event belongs: where its name was reserved, if this is its first one here. It never goes back. */
    private GenerationWriter enterPlace(ExperimentId id, AppendCondition condition) {
        var place = condition instanceof AppendCondition.Continues ? null : reserved.get(id);
        return place != null && place.enter() ? place : enterCurrent();
    }

    @Override
    public MetricLease lease(ExperimentId id) {
        var stream = stream(id);
        synchronized (stream) {
            requireWritable();
            return stream.lease();
        }
    }

    BlockWriter.Sizes blockSizes() {
        return blockSizes;
    }

    /** After a record was published. */
    void published() {
        if (settings.force() == Force.SYNC) {
            force();
        }
    }

    @Override
    public void release(ExperimentId id) {
        var stream = streams.get(id);
        if (closed || stream == null) {
            return;
        }
        synchronized (stream) {
            if (!closed) {
                stream.release();
            }
        }
    }

    @Override
    public boolean reserveName(String name, ExperimentId id) {
        requireWritable();
        var place = enterCurrent();
        if (reserved.putIfAbsent(id, place) != null) {
            place.leave();
        }
        boolean isReserved = false;
        try {
            isReserved =
                    names.reserve(name, id, reserved.getOrDefault(id, place).name());
        } finally {
            if (!isReserved) {
                unreserve(id);
            }
        }
        return isReserved;
    }

    @Override
    public void releaseName(String name, ExperimentId id) {
        if (isReleased(name, id)) {
            var batch = together.get(Thread.currentThread());
            if (batch == null) {
                names.force();
            } else {
                batch.names = true;
            }
        }
        unreserve(id);
    }

    private boolean isReleased(String name, ExperimentId id) {
        var living = current;
        if (living == null || !living.enter()) {
            return names.release(name, id, Optional.empty());
        }
        try {
            return names.release(name, id, Optional.of(living.name()));
        } finally {
            living.leave();
        }
    }

    private void unreserve(ExperimentId id) {
        var place = reserved.remove(id);
        if (place != null) {
            place.leave();
        }
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
        return generations.computeIfAbsent(name, made -> new JournalGeneration(directory, made, ownNames::contains));
    }

    @Override
    public List<Collected> collect(boolean isTrial, Projection.Counter counter) {
        // a trial makes no file: where nobody has taken the lock yet, nobody deletes
        return isTrial && !Files.exists(directory.takeoverLock())
                ? collected(true, counter)
                : exclusively(() -> collected(isTrial, counter));
    }

    private List<Collected> collected(boolean isTrial, Projection.Counter counter) {
        try {
            return Disk.uninterrupted(() -> collector.collect(isTrial, counter));
        } catch (IOException e) {
            throw new JournalException("the journal " + directory.path() + " cannot be cleaned: " + Disk.reason(e), e);
        }
    }

    /** What a generation of this process holds, which nobody has to read it for. */
    private Optional<Contents> ownContents(String name) {
        return java.util.stream.Stream.concat(writing.stream(), unforced.stream())
                .filter(generation -> generation.name().equals(name))
                .findFirst()
                .map(GenerationWriter::contents);
    }

    /** The generation that is appended to; made when it is needed first. */
    GenerationWriter current() {
        var known = current;
        if (known != null) {
            return known;
        }
        synchronized (making) {
            if (current == null) {
                requireWritable();
                access.ensure();
                var made = make();
                writing.add(made);
                current = made;
                startHousekeeper();
            }
            return current;
        }
    }

    private void startHousekeeper() {
        try {
            var keeper = keepers.make(this, settings.force() == Force.INTERVAL);
            housekeeper = keeper;
            keeper.start();
        } catch (Throwable e) {
            // where no more threads can be had, say: nothing would be forced in the background, and that is not to pass
            // in silence
            throw poison(e);
        }
    }

    /** The same, kept from being finished until the caller leaves it. */
    GenerationWriter enterCurrent() {
        while (true) {
            var present = current();
            if (present.enter()) {
                return present;
            }
            // it was finished meanwhile, because another one is current
            requireWritable();
        }
    }

    private GenerationWriter make() {
        try {
            var place = Disk.uninterrupted(() -> OwnGeneration.make(directory));
            var made = new GenerationWriter(this, place, sync, settings.generationBytes());
            ownNames.add(made.name());
            return made;
        } catch (IOException e) {
            throw new JournalException("the journal " + directory.path() + " cannot be written: " + Disk.reason(e), e);
        }
    }

    /**
     * A generation is full: the next one takes its place, if it is ready; else it goes on a little. Called with its monitor held, and no more
     * than two words of memory away.
     */
    boolean replace(GenerationWriter full) {
        var ready = next;
        if (ready == null || current != full) {
            return current != full;
        }
        current = ready;
        next = null;
        wake();
        return true;
    }

    /** Whether the generation that follows the present one is to be made still. */
    boolean wantsNext() {
        return next == null;
    }

    void wake() {
        var keeper = housekeeper;
        if (keeper != null) {
            keeper.wake();
        }
    }

    /** What the housekeeper does when it is woken: whatever would keep those who log waiting. */
    void keepHouse() throws IOException {
        var present = current;
        if (present == null) {
            return;
        }
        present.ahead();
        if (wantsNext() && present.isNearlyFull()) {
            next = makeNext();
            collectIfDue();
        }
        for (var generation : writing) {
            if (generation.isOver()) {
                finishForGood(generation);
            }
        }
    }

    private void finishForGood(GenerationWriter over) {
        boolean forces = settings.force() != Force.PROCESS;
        if (!forces) {
            // before it is finished, so that who forces everything meanwhile finds it here or there
            unforced.add(over);
        }
        try {
            over.finish(forces);
        } catch (IOException e) {
            throw poison(e);
        }
        writing.remove(over);
        if (over.contents().experiments().stream().anyMatch(Content::isSettled)) {
            collector.settled();
        }
    }

    /**
     * A generation with its queue; if that cannot be made, nothing is left of it. Nobody else forces it before that is done: a failure that is
     * taken back would end the journal.
     */
    private GenerationWriter makeNext() throws IOException {
        var made = make();
        try {
            made.begin();
        } catch (RuntimeException e) {
            made.undo();
            // Chronicle's way to tell of the disk; nothing was promised yet
            throw new JournalException("the next generation cannot be begun: " + Disk.reason(e), e);
        } catch (IOException | Error e) {
            made.undo();
            throw e;
        }
        writing.add(made);
        return made;
    }

    /** Beside this thread, because it may have to wait for a takeover. */
    void collectIfDue() {
        try {
            if (collector.isDue()) {
                var collecting = new Thread(this::collectOrWarn, "daybook-retention");
                collecting.setDaemon(true);
                collecting.start();
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("whether something is past its retention cannot be told: {}", Disk.reason(e));
        } catch (OutOfMemoryError e) {
            LOG.warn("what is past its retention is left for now, no thread can be started: {}", e.getMessage());
        }
    }

    private void collectOrWarn() {
        try {
            collect(false);
        } catch (JournalException e) {
            LOG.warn("what is past its retention could not be deleted: {}", e.getMessage());
        }
    }

    /** An experiment was let go, and nothing of that was forced. */
    void leftUnforced() {
        unforcedRecords.set(true);
    }

    /** Forces in the background what was logged, if there may be something. */
    void forceRecords() {
        boolean isNew = unforcedRecords.getAndSet(false);
        for (var stream : streams.values()) {
            isNew |= stream.rest();
        }
        if (isNew) {
            force();
            var present = current;
            if (present != null) {
                present.touchAgain();
            }
        }
    }

    /** Forces whatever this process has written, the older first. */
    void force() {
        try {
            forceFinished();
            for (var generation : writing) {
                generation.force();
            }
            // those that were finished meanwhile
            forceFinished();
        } catch (IOException e) {
            throw poison(e);
        }
    }

    private void forceFinished() throws IOException {
        for (var generation : List.copyOf(unforced)) {
            generation.forceFinished();
            unforced.remove(generation);
        }
    }

    /** Refuses if a write has failed. */
    void requireSound() {
        var cause = failure;
        if (cause != null) {
            isFailureTold = true;
            throw new JournalException(
                    "the journal takes no more writes, because one has failed: " + Disk.reason(cause) + SAFE, cause);
        }
    }

    private void requireWritable() {
        if (closed) {
            throw closedException();
        }
        requireSound();
    }

    static JournalException closedException() {
        return new JournalException("the journal is closed");
    }

    /** Takes no more writes, because one has failed. */
    JournalException poison(Throwable cause) {
        synchronized (making) {
            if (failure == null) {
                failure = cause;
            }
        }
        var keeper = housekeeper;
        // who has asked for the write is told by this exception
        isFailureTold |= keeper == null || !keeper.isCurrentThread();
        return new JournalException(
                "the journal " + directory.path() + " cannot be written any more: " + Disk.reason(cause) + SAFE, cause);
    }

    @Override
    public void close() {
        synchronized (making) {
            if (closed) {
                return;
            }
            closed = true;
        }
        for (var stream : streams.values()) {
            synchronized (stream) {
                stream.seal();
            }
        }
        var keeper = housekeeper;
        if (keeper != null) {
            keeper.end();
        }
        try {
            finish();
        } catch (IOException e) {
            throw closedUnforced(e);
        }
        var untold = failure;
        if (untold != null && !isFailureTold) {
            throw closedUnforced(untold);
        }
    }

    private JournalException closedUnforced(Throwable cause) {
        return new JournalException(
                "the journal " + directory.path() + " was closed, but what was written last may not be on disk: "
                        + Disk.reason(cause),
                cause);
    }

    private void finish() throws IOException {
        var failures = new ArrayList<IOException>();
        try {
            forceFinished();
        } catch (IOException e) {
            failures.add(e);
        }
        for (var generation : writing) {
            try {
                if (generation == next) {
                    generation.undo();
                } else {
                    generation.finish(true);
                }
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }
}
