package dev.daybook;

import dev.daybook.Stream.Joint;
import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.InvariantViolation;
import dev.daybook.port.Contents.Content;
import dev.daybook.port.Continuation;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.Mark;
import dev.daybook.port.MetricBatch;
import dev.daybook.port.Position;
import dev.daybook.port.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All experiments of the journal, folded: reads each generation once, goes on from where it was, and puts the stretches of an experiment
 * that lie in several generations together in their order. Thread-safe.
 *
 * <p>A generation's name does not tell where its stretches belong: an heir may be older than the process that it inherits from. So an
 * entry whose predecessors were not read yet stops its generation until another one has given them.
 */
final class Catalog {

    /** Sees what is folded, of each experiment in its order. */
    interface Observer {
        default void reads(Generation generation) {}

        void event(Entry entry);

        void metric(Position position, int slot, int metric, long step, double value, long epochMilli);
    }

    private final Supplier<List<Generation>> generations;
    private final Optional<ExperimentId> only;
    private final Optional<Observer> observer;
    private final Map<ExperimentId, Stream> streams = new LinkedHashMap<>();
    private final Map<String, Long> cursors = new HashMap<>();
    private final Set<ExperimentId> orphans = new HashSet<>();

    /** Parts behind marks that did not fit. */
    private final Set<Part> leftOut = new HashSet<>();

    /** Experiments that are saved or discarded as finished generations say: nothing of them is read that was not read already. */
    private final Set<ExperimentId> settled = new HashSet<>();

    private final Set<String> noted = new HashSet<>();

    /** Generations of which single experiments are read, and not the whole. */
    private final Map<String, Map<ExperimentId, Reading>> readings = new HashMap<>();

    Catalog(Journal journal) {
        this(journal::generations, Optional.empty(), Optional.empty());
    }

    /** Of one experiment, saved ones too, as long as the journal has them. */
    Catalog(Journal journal, ExperimentId only, Observer observer) {
        this(journal::generations, only, observer);
    }

    Catalog(Supplier<List<Generation>> generations, ExperimentId only, Observer observer) {
        this(generations, Optional.of(only), Optional.of(observer));
    }

    /** Of all experiments. */
    Catalog(Supplier<List<Generation>> generations, Observer observer) {
        this(generations, Optional.empty(), Optional.of(observer));
    }

    private Catalog(Supplier<List<Generation>> generations, Optional<ExperimentId> only, Optional<Observer> observer) {
        this.generations = generations;
        this.only = only;
        this.observer = observer;
    }

    /** Folds what has come since the last time. */
    synchronized void catchUp() {
        boolean isDone = false;
        try {
            foldAll();
            isDone = true;
        } finally {
            if (!isDone && observer.isEmpty()) {
                // nobody knows how far it has come: all is read again
                forget();
            }
        }
    }

    private void forget() {
        streams.clear();
        cursors.clear();
        orphans.clear();
        leftOut.clear();
        settled.clear();
        noted.clear();
        readings.clear();
    }

    private void foldAll() {
        Set<Wait> waiting;
        do {
            waiting = readAll();
            var marks = waiting.stream().flatMap(wait -> wait.mark().stream()).toList();
            // without what follows a mark, others may fit
            marks.forEach(this::leaveOut);
            if (marks.isEmpty()) {
                waiting.stream().map(Wait::id).forEach(this::orphan);
            }
        } while (!waiting.isEmpty());
    }

    /**
     * What keeps a generation from being read on.
     *
     * @param id whose past has not been read
     * @param mark where only metric records are missing before a mark
     */
    private record Wait(ExperimentId id, Optional<Continuation> mark) {}

    /** One experiment's part of a generation. */
    private record Part(String generation, ExperimentId id) {}

    private void leaveOut(Continuation mark) {
        leftOut.add(new Part(mark.position().generation(), mark.id()));
        var stream = streams.get(mark.id());
        if (stream != null) {
            stream.leaveOut(mark);
        }
    }

    /**
     * Rounds over all generations until nobody waits, or a round moves nothing that began after the same experiments were seen to wait. Then
     * what they wait for is not there: it was on disk before what waits for it, so such a round would have read it.
     */
    private Set<Wait> readAll() {
        Set<Wait> waiting = Set.of();
        while (true) {
            var stillWaiting = new HashSet<Wait>();
            boolean moved = false;
            var all = generations.get();
            note(all);
            for (var generation : all) {
                var folding = new Folding(generation);
                moved |= read(generation, folding);
                stillWaiting.addAll(folding.waiting);
            }
            if (stillWaiting.isEmpty() || !moved && stillWaiting.equals(waiting)) {
                return stillWaiting;
            }
            waiting = stillWaiting;
        }
    }

    /** Takes the word of finished generations for what need not be read of them. */
    private void note(List<Generation> all) {
        var fresh = new ArrayList<Generation>();
        for (var generation : all) {
            var name = generation.name();
            if (!cursors.containsKey(name)
                    && !readings.containsKey(name)
                    && !noted.contains(name)
                    && generation.contents().isPresent()) {
                fresh.add(generation);
            }
        }
        for (var generation : fresh) {
            contents(generation).filter(Content::isSettled).map(Content::id).forEach(settled::add);
        }
        for (var generation : fresh) {
            noted.add(generation.name());
            var needed = new LinkedHashMap<ExperimentId, Reading>();
            contents(generation)
                    .map(Content::id)
                    .filter(this::isNeeded)
                    .forEach(id -> needed.put(id, generation.reading(id)));
            readings.put(generation.name(), needed);
        }
    }

    private static java.util.stream.Stream<Content> contents(Generation generation) {
        return generation.contents().orElseThrow().experiments().stream();
    }

    private boolean isNeeded(ExperimentId id) {
        return only.map(id::equals).orElseGet(() -> streams.containsKey(id) || !settled.contains(id));
    }

    /** Reads on, and says whether there was anything. */
    private boolean read(Generation generation, Folding folding) {
        var name = generation.name();
        observer.ifPresent(sees -> sees.reads(generation));
        if (only.isPresent()) {
            var id = only.get();
            if (!noted.contains(name)) {
                readings.computeIfAbsent(name, made -> new HashMap<>()).computeIfAbsent(id, generation::reading);
            }
        } else if (!noted.contains(name)) {
            long from = cursors.getOrDefault(name, 0L);
            long to = generation.read(from, folding);
            cursors.put(name, to);
            return to != from;
        }
        boolean isOver = noted.contains(name);
        readings.getOrDefault(name, Map.of())
                .values()
                .removeIf(reading -> reading.advance(folding, Mark.END)
                        && isOver
                        && reading.damage().isEmpty());
        return folding.moved;
    }

    /** The past of an experiment is missing: what follows of it is read over. */
    private void orphan(ExperimentId id) {
        orphans.add(id);
        var stream = streams.get(id);
        if (stream != null) {
            stream.breakOff();
        }
    }

    /** The experiments that are neither saved nor discarded, oldest first. */
    synchronized List<Stream> unfinished() {
        return streams.values().stream()
                .filter(Stream::isUnfinished)
                .sorted(Comparator.comparing(Stream::id))
                .map(Stream::copy)
                .toList();
    }

    /** The experiment as it stands now; what comes later does not change the result. */
    synchronized Optional<Stream> find(ExperimentId id) {
        return Optional.ofNullable(streams.get(id)).map(Stream::copy);
    }

    /** Whether it is known to be saved or discarded. Of one that this journal has nothing of, another one may know more. */
    synchronized boolean isSettled(ExperimentId id) {
        var stream = streams.get(id);
        return settled.contains(id) || stream != null && stream.isSettled();
    }

    /** Whether a part of a saved or discarded experiment is not there any more, as it is when it was deleted for its age. */
    synchronized boolean isPartlyDeleted(ExperimentId id) {
        return orphans.contains(id) && settled.contains(id);
    }

    /** What is damaged in the journal, a sentence each. */
    synchronized List<String> damage() {
        var sentences = new ArrayList<String>();
        generations.get().forEach(generation -> generation.damage().ifPresent(sentences::add));
        // a part of what is saved or discarded may have been deleted for its age
        streams.values().stream()
                .filter(stream -> !isPartlyDeleted(stream.id()))
                .forEach(stream -> stream.broken().map(Stream.Break::message).ifPresent(sentences::add));
        streams.values().forEach(stream -> sentences.addAll(stream.leftOut()));
        orphans.stream()
                .filter(id -> !streams.containsKey(id) && !settled.contains(id))
                .forEach(id ->
                        sentences.add("experiment " + id + " goes on in the journal, but its beginning is missing"));
        return sentences;
    }

    /** Folds what one generation gives into the streams. */
    private final class Folding implements EntrySink {

        private final Generation generation;
        private final Set<Wait> waiting = new HashSet<>();
        private boolean moved;
        private @Nullable Stream latest;

        Folding(Generation generation) {
            this.generation = generation;
        }

        @Override
        public boolean event(Entry entry) {
            var stream = streams.get(entry.id());
            if (isOrphan(entry)
                    || leftOut.contains(new Part(generation.name(), entry.id()))
                    || stream == null && isSettledElsewhere(entry.id())) {
                moved = true;
                return true;
            }
            if (stream == null ? entry.index() > 0 : stream.isBehind(entry)) {
                return waits(entry.id());
            }
            moved = true;
            if (stream == null) {
                stream = new Stream(entry.id());
                streams.put(entry.id(), stream);
            }
            // what an observer has thrown at is given again
            if (stream.isAt(entry) || stream.event(entry, generation)) {
                observer.ifPresent(sees -> sees.event(entry));
            }
            return true;
        }

        @Override
        public boolean continued(Continuation mark) {
            var stream = streams.get(mark.id());
            if (orphans.contains(mark.id()) || stream == null && isSettledElsewhere(mark.id())) {
                moved = true;
                return true;
            }
            if (stream == null) {
                return waits(mark.id());
            }
            if (stream.broken().isPresent()) {
                return true;
            }
            if (leftOut.contains(new Part(generation.name(), mark.id()))) {
                moved = true;
                return true;
            }
            var joint = leftOut.contains(new Part(mark.from(), mark.id())) ? Joint.ELSEWHERE : stream.joint(mark);
            switch (joint) {
                case FITS -> stream.continued(mark, generation);
                case EVENTS_MISSING -> {
                    return waits(mark.id());
                }
                case RECORDS_MISSING -> {
                    waiting.add(new Wait(mark.id(), Optional.of(mark)));
                    return false;
                }
                case ELSEWHERE -> leaveOut(mark);
            }
            moved = true;
            return true;
        }

        private boolean isOrphan(Entry entry) {
            boolean isOrphan = orphans.contains(entry.id());
            if (isOrphan && entry.event().isSettling()) {
                settled.add(entry.id());
            }
            return isOrphan;
        }

        /** Its end is not read, so its beginning in a generation that says nothing of itself is not to be taken for all of it. */
        private boolean isSettledElsewhere(ExperimentId id) {
            return only.isEmpty() && settled.contains(id);
        }

        private boolean waits(ExperimentId id) {
            waiting.add(new Wait(id, Optional.empty()));
            return false;
        }

        @Override
        public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {
            var stream = logged(id);
            if (stream != null) {
                stream.metric(generation, metric, step, value);
            }
        }

        @Override
        public void metric(
                ExperimentId id, long document, int slot, int metric, long step, double value, long epochMilli) {
            var stream = logged(id);
            if (stream == null) {
                return;
            }
            if (observer.isPresent() && stream.takes(generation, metric)) {
                // before it is folded: what an observer has thrown at is given again
                var position = new Position(generation.name(), document);
                observer.get().metric(position, slot, metric, step, value, epochMilli);
            }
            stream.metric(generation, metric, step, value);
        }

        @Override
        public void metrics(ExperimentId id, long document, int slot, MetricBatch batch) {
            if (observer.isPresent()) {
                EntrySink.super.metrics(id, document, slot, batch);
                return;
            }
            var stream = logged(id);
            if (stream != null) {
                stream.metrics(generation, batch);
            }
            batch.take(batch.size());
        }

        private @Nullable Stream logged(ExperimentId id) {
            if (latest == null || !latest.id().equals(id)) {
                latest = streams.get(id);
            }
            moved = true;
            return latest;
        }

        @Override
        public void released(ExperimentId id) {
            var stream = streams.get(id);
            if (stream != null) {
                stream.release(generation);
            }
        }
    }

    /** Checks what the journal's reader cannot see: the joint between two generations. */
    static void requireJoint(Entry entry, dev.daybook.port.Tail before) {
        var expected = before.chain()
                .next(entry.index(), entry.time().toEpochMilli(), entry.cut(), EventCodec.encode(entry.event()));
        if (entry.index() != before.events() || !entry.chain().equals(expected)) {
            throw new InvariantViolation("event " + entry.index() + " at " + entry.position() + " does not follow the "
                    + before.events() + " events before it");
        }
    }
}
