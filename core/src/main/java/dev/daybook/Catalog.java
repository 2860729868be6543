package dev.daybook;

import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.InvariantViolation;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All experiments of the journal, folded: reads each generation once, goes on from where it was, and puts the stretches of an experiment
 * that lie in several generations together in their order. Thread-safe.
 *
 * <p>A generation's name does not tell where its stretches belong: an heir may be older than the process that it inherits from. So an
 * entry whose predecessors were not read yet stops its generation until another one has given them.
 */
final class Catalog {

    private final Journal journal;
    private final Map<ExperimentId, Stream> streams = new LinkedHashMap<>();
    private final Map<String, Long> cursors = new HashMap<>();
    private final Set<ExperimentId> orphans = new HashSet<>();

    Catalog(Journal journal) {
        this.journal = journal;
    }

    /** Folds what has come since the last time. */
    synchronized void catchUp() {
        Set<ExperimentId> waiting;
        do {
            waiting = readAll();
            waiting.forEach(this::orphan);
        } while (!waiting.isEmpty());
    }

    /**
     * Rounds over all generations until nobody waits, or a round moves nothing that began after the same experiments were seen to wait. Then
     * what they wait for is not there: it was on disk before what waits for it, so such a round would have read it.
     */
    private Set<ExperimentId> readAll() {
        Set<ExperimentId> waiting = Set.of();
        while (true) {
            var stillWaiting = new HashSet<ExperimentId>();
            boolean moved = false;
            for (var generation : journal.generations()) {
                long from = cursors.getOrDefault(generation.name(), 0L);
                var folding = new Folding(generation, from);
                long to = generation.read(from, folding);
                cursors.put(generation.name(), to);
                moved |= to != from;
                folding.waiting.ifPresent(stillWaiting::add);
            }
            if (stillWaiting.isEmpty() || !moved && stillWaiting.equals(waiting)) {
                return stillWaiting;
            }
            waiting = stillWaiting;
        }
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

    /** What is damaged in the journal, a sentence each. */
    synchronized List<String> damage() {
        var sentences = new ArrayList<String>();
        journal.generations().forEach(generation -> generation.damage().ifPresent(sentences::add));
        streams.values()
                .forEach(stream -> stream.broken().map(Stream.Break::message).ifPresent(sentences::add));
        orphans.stream()
                .filter(id -> !streams.containsKey(id))
                .forEach(id ->
                        sentences.add("experiment " + id + " goes on in the journal, but its beginning is missing"));
        return sentences;
    }

    /** Folds what one generation gives into the streams. */
    private final class Folding implements EntrySink {

        private final Generation generation;
        private final long from;
        private Optional<ExperimentId> waiting = Optional.empty();
        private @Nullable Stream latest;

        Folding(Generation generation, long from) {
            this.generation = generation;
            this.from = from;
        }

        @Override
        public boolean event(Entry entry) {
            if (orphans.contains(entry.id())) {
                return true;
            }
            var stream = streams.get(entry.id());
            if (stream == null ? entry.index() > 0 : stream.isBehind(entry)) {
                waiting = Optional.of(entry.id());
                return false;
            }
            if (stream == null) {
                stream = new Stream(entry.id());
                streams.put(entry.id(), stream);
            }
            stream.event(entry, generation, from);
            return true;
        }

        @Override
        public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {
            if (latest == null || !latest.id().equals(id)) {
                latest = streams.get(id);
            }
            if (latest != null) {
                latest.metric(generation, metric, step, value);
            }
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
